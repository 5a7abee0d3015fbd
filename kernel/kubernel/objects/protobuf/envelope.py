"""The envelope of every protobuf body: four bytes, then ``runtime.Unknown``, which says what is in it.

A sample, ``kubectl create configmap a --from-literal=k=v``: ``k8s`` and a zero byte · 1: {1: ``v1``, 2: ``ConfigMap``}
· 2: the ConfigMap · 3: empty (its encoding) · 4: empty (its content type). Source: apimachinery
``runtime/serializer/protobuf``.
"""

from dataclasses import dataclass

from kubernel.objects.bounds import MAX_VALUES
from kubernel.objects.models import Plain
from kubernel.objects.protobuf.messages import is_known, read_message
from kubernel.objects.protobuf.wire import LENGTH, Cursor, ProtobufError

__all__ = ["Envelope", "open_envelope", "read_plain"]

MAGIC = b"k8s\x00"
_TYPE_META, _RAW, _ENCODING, _CONTENT_TYPE = (number << 3 | LENGTH for number in (1, 2, 3, 4))
_API_VERSION, _KIND = _TYPE_META, _RAW
_NOTHING = (0, 0)
_PROTOBUF = frozenset({"", "application/vnd.kubernetes.protobuf"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """An opened body.

    Attributes:
        api_version, kind: What it says of its type; empty when it says nothing.
        cursor: The body.
        start, end: Where the message is in it.
    """

    api_version: str
    kind: str
    cursor: Cursor
    start: int
    end: int

    @property
    def message(self) -> str:
        """The published name of the type that it says: ``apps_v1.Deployment``."""
        group, _, version = self.api_version.rpartition("/")
        # Delete options belong to every group; they say the one of what is deleted.
        module = "meta_v1" if self.kind == "DeleteOptions" else f"{group.partition('.')[0] or 'core'}_{version}"
        return f"{module}.{self.kind}"


def open_envelope(body: bytes) -> Envelope:
    """Read what is around the message.

    Raises:
        ProtobufError: There is no envelope, or what is in it is not protobuf.
    """
    if not body.startswith(MAGIC):
        raise ProtobufError(
            f"provided data does not appear to be a protobuf message, expected prefix [{' '.join(map(str, MAGIC))}]"
        )
    if len(body) == len(MAGIC):
        raise ProtobufError("empty body")
    cursor = Cursor(body, MAX_VALUES)
    found = cursor.parts(len(MAGIC), len(body))
    encoding, content = (cursor.text(*found.get(tag, _NOTHING)) for tag in (_ENCODING, _CONTENT_TYPE))
    if encoding or content not in _PROTOBUF:
        raise ProtobufError("the envelope must hold plain protobuf")
    said = cursor.parts(*found.get(_TYPE_META, _NOTHING))
    api_version, kind = (cursor.text(*said.get(tag, _NOTHING)) for tag in (_API_VERSION, _KIND))
    return Envelope(api_version, kind, cursor, *found.get(_RAW, _NOTHING))


def read_plain(envelope: Envelope, message: str) -> Plain:
    """Read the message as a plain object that says its own type, if the envelope does.

    Args:
        envelope: The opened body.
        message: The published name of the type that it must be, such as ``core_v1.Pod``.

    Raises:
        ProtobufError: The type is not published, or it is no such message.
    """
    if not is_known(message):
        raise ProtobufError(f'no kind "{envelope.kind}" is registered for version "{envelope.api_version}"')
    said = {"apiVersion": envelope.api_version, "kind": envelope.kind}
    plain = {key: value for key, value in said.items() if value}
    return plain | read_message(message, envelope.cursor, envelope.start, envelope.end)
