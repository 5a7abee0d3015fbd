"""Protobuf bodies: from the bytes of a typed client to the plain object that the same client would write as JSON.

Typed commands of kubectl, Helm and everything else that is built with client-go send nothing else. `envelope` opens
what they send, `messages` reads a message along the published facts of its type, `special` the types that JSON writes
in a way of their own, `wire` the format itself. Why our own reader and what becomes of zero values: decision 0051.

Nothing here encodes: every client that prefers protobuf answers also takes JSON.
"""

from kubernel.objects.protobuf.envelope import Envelope, open_envelope, read_plain
from kubernel.objects.protobuf.wire import ProtobufError

__all__ = ["Envelope", "ProtobufError", "open_envelope", "read_plain"]
