"""What travels between the SDK and the server, decoded straight into typed objects.

Everything that depends on the type of an object is built once per type (`WireType`): its path, the decoder of one
object, of a list, and of one line of a watch. A watch line is decoded in a single pass, because the line's ``type``
is the tag of a union of Structs:

    {"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{…},…}}
    {"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"1742"}}}
    {"type":"ERROR","object":{"kind":"Status",…,"code":410}}

Nothing here knows how bytes get here; that is ``transport``.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar, cast, get_origin

import msgspec

from kubernel.objects.errors import StatusError, from_status
from kubernel.objects.kind import Kind
from kubernel.objects.models import Plain, meta

__all__ = ["ApiType", "ObjectList", "WatchEvent", "WireType", "error_of", "metadata_of"]


class ApiType(Protocol):
    """What the SDK reads of an object; read-only, so that types with a mandatory ``metadata`` (Event) fit too."""

    @property
    def apiVersion(self) -> str | None:  # noqa: N802 - the field's name on the wire
        """``v1`` or ``group/version``."""

    @property
    def kind(self) -> str | None:
        """The kind's name."""

    @property
    def metadata(self) -> meta.ObjectMeta | None:
        """Names, labels and the revision."""


T = TypeVar("T", bound=ApiType)
T_co = TypeVar("T_co", bound=ApiType, covariant=True)
EventType = Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]


@dataclass(frozen=True, slots=True)
class WatchEvent(Generic[T_co]):
    """One change.

    Attributes:
        type: What happened; ``BOOKMARK`` only says how far the stream has come.
        object: The object after the change (for ``DELETED``: its last state). A bookmark's object carries nothing
            but ``metadata.resourceVersion``.
    """

    type: EventType
    object: T_co

    @property
    def resource_version(self) -> str:
        """Where to resume after this event."""
        return metadata_of(self.object).resourceVersion or ""


@dataclass(frozen=True, slots=True)
class ObjectList(Generic[T_co]):
    """One page of a list.

    Attributes:
        items: The objects, in the server's order (namespace, name).
        resource_version: The moment that the list shows; watch from here.
        continue_token: Pass it to the next call for the next page; empty on the last one.
    """

    items: list[T_co]
    resource_version: str
    continue_token: str


class _List(msgspec.Struct, Generic[T]):
    """The envelope of a list; the items' type comes from the type parameter."""

    items: list[T] | None = None
    metadata: meta.ListMeta | None = None


class _BookmarkObject(msgspec.Struct):
    metadata: meta.ObjectMeta


class _Bookmark(msgspec.Struct, tag_field="type", tag="BOOKMARK"):
    """Servers send no more than the metadata, which would not decode as a type with mandatory fields."""

    object: _BookmarkObject


class _Error(msgspec.Struct, tag_field="type", tag="ERROR"):
    object: dict[str, Any]


class WireType(Generic[T]):
    """How objects of one type are addressed and decoded."""

    def __init__(self, kind: Kind[Any], struct: type[T]) -> None:
        self.kind = kind
        self._struct = struct
        self._object = msgspec.json.Decoder(struct)
        # `_List[struct]` is built from a run-time value, which is beyond what a type checker can follow.
        self._list: msgspec.json.Decoder[_List[T]] = msgspec.json.Decoder(cast("Any", _List)[struct])
        self._line: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_line_type(struct))
        self._hollow = _hollow(struct)

    def decode(self, body: bytes) -> T:
        """Decode one object.

        Raises:
            StatusError: The answer is no such object (``InvalidAnswer``).
        """
        try:
            return self._object.decode(body)
        except msgspec.DecodeError as error:
            raise self._invalid(error) from error

    def decode_list(self, body: bytes) -> ObjectList[T]:
        """Decode one page of a list.

        Raises:
            StatusError: The answer is no such list (``InvalidAnswer``).
        """
        try:
            page = self._list.decode(body)
        except msgspec.DecodeError as error:
            raise self._invalid(error) from error
        about = page.metadata or meta.ListMeta()
        return ObjectList(page.items or [], about.resourceVersion or "", about.continue_ or "")

    def decode_line(self, line: bytes) -> WatchEvent[T]:
        """Decode one line of a watch.

        Raises:
            StatusError: The line is an ``ERROR`` event (410 means: list again), or no event at all.
        """
        try:
            event = self._line.decode(line)
        except msgspec.DecodeError as error:
            raise self._invalid(error) from error
        if isinstance(event, _Error):
            raise from_status(event.object, 500)
        if isinstance(event, _Bookmark):
            return WatchEvent("BOOKMARK", self._bookmark(event.object.metadata))
        return WatchEvent(event.__struct_config__.tag, event.object)

    def _invalid(self, error: msgspec.DecodeError) -> StatusError:
        """Wrap what msgspec says, so that loops treat a server that talks nonsense like one that fails."""
        message = f"the server's answer is no {self.kind.name}: {error}"
        return StatusError(500, "InvalidAnswer", message, kind=self.kind.plural, group=self.kind.group)

    def _bookmark(self, about: meta.ObjectMeta) -> T:
        return msgspec.convert({**self._hollow, "metadata": msgspec.to_builtins(about)}, self._struct)


def _line_type(struct: type[Any]) -> Any:  # noqa: ANN401 - a type made at run time
    added, modified, deleted = (
        msgspec.defstruct(f"{tag.title()}{struct.__name__}", [("object", struct)], tag_field="type", tag=tag)
        for tag in ("ADDED", "MODIFIED", "DELETED")
    )
    return added | modified | deleted | _Bookmark | _Error


def _hollow(struct: type[Any]) -> Plain:
    """Return the emptiest value that decodes as ``struct``, as Go's zero value would be encoded."""
    empty: dict[Any, Any] = {str: "", int: 0, bool: False, float: 0.0, dict: {}}
    result: Plain = {}
    for field in msgspec.structs.fields(struct):
        if not field.required:
            continue
        if inspect.isclass(field.type) and issubclass(field.type, msgspec.Struct):
            result[field.encode_name] = _hollow(field.type)
        else:
            result[field.encode_name] = empty.get(get_origin(field.type) or field.type, [])
    return result


def metadata_of(obj: ApiType) -> meta.ObjectMeta:
    """Return the object's metadata to read from; an empty one when it has none."""
    return obj.metadata or meta.ObjectMeta()


def error_of(code: int, headers: Mapping[str, str], body: bytes) -> StatusError:
    """Rebuild the error from a response of 400 and above, also from one that is not a ``Status``."""
    try:
        status = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        status = {"message": body[:1000].decode(errors="replace").strip() or f"the server answered {code}"}
    error = from_status(status, code)
    if error.retry_after_s is None and headers.get("Retry-After", "").isdigit():
        error.retry_after_s = int(headers["Retry-After"])
    return error
