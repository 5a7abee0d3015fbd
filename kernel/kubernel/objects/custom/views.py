"""Several versions of a custom kind: one is stored, the others are views of it.

With the strategy ``None`` only ``apiVersion`` differs and the schemas decide what is kept; with ``Webhook`` somebody
else converts, and every version, the stored one too, is a view of what the log holds, which may be of any of them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from kubernel.objects import codec
from kubernel.objects.custom.custom_object import CustomObject
from kubernel.objects.kind import Kind, View
from kubernel.objects.models import Plain, meta_of

__all__ = ["Convert", "Converted", "Renamed", "reread"]

AnyKind = Kind[Any]
CustomKind = Kind[CustomObject]

Convert = Callable[[Sequence[Plain], str], Awaitable[list[Plain]]]
"""Converts objects to an ``apiVersion``, in their order; raises a StatusError when it cannot."""


class Renamed(View):
    """A version of a definition with the strategy ``None``."""

    fields: Mapping[str, str] = {}
    checks_as_stored = False

    def __init__(self, of: CustomKind, kind: CustomKind) -> None:
        self.of: AnyKind = of
        self._kind = kind

    async def from_stored(self, objects: Sequence[Plain]) -> list[Plain]:
        """Read each as one of this version."""
        return [self._kind.type.read(obj).plain() for obj in objects]

    async def to_stored(self, obj: Plain, current: Plain | None) -> Plain:  # noqa: ARG002 - nothing is kept of it
        """Rename it."""
        return {**obj, "apiVersion": self.of.api_version}


class Converted(View):
    """A version of a definition whose webhook converts."""

    fields: Mapping[str, str] = {}
    checks_as_stored = False

    def __init__(self, of: CustomKind, kind: CustomKind, stored: CustomKind, convert: Convert) -> None:
        self.of: AnyKind = of
        self._kind = kind
        self._stored = stored
        self._convert = convert

    async def from_stored(self, objects: Sequence[Plain]) -> list[Plain]:
        """Convert those of another version, in one call."""
        wanted = self._kind.api_version
        others = [obj for obj in objects if obj["apiVersion"] != wanted]
        converted = iter(await self._convert(others, wanted) if others else ())
        shown = [obj if obj["apiVersion"] == wanted else next(converted) for obj in objects]
        return [self._kind.type.read(obj).plain() for obj in shown]

    async def to_stored(self, obj: Plain, current: Plain | None) -> Plain:  # noqa: ARG002 - nothing is kept of it
        """Convert it to the stored version."""
        wanted = self._stored.api_version
        if self._kind.api_version != wanted:
            [obj] = await self._convert([obj], wanted)
        return self._stored.type.read(obj).plain()


def reread(kind: CustomKind, data: bytes) -> bytes:
    """Bring stored bytes up to what the schema says now: fields that it no longer has go, new defaults come.

    For objects that were stored before the schema changed, or in a version that was stored then.
    """
    try:
        obj = kind.type.read(codec.decode_plain(data))
    except msgspec.ValidationError:  # something in it is typed now that was not
        return data
    metadata = meta_of(obj)
    revision, metadata.resourceVersion = int(metadata.resourceVersion or 0), None
    return codec.with_revision(codec.encode(obj), len(codec.head(kind.api_version, kind.name)), revision)
