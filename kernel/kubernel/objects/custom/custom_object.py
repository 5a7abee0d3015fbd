"""Objects of custom kinds: typed metadata, and everything else as plain JSON.

The rest of the code meets them as it meets the generated Structs: they have ``apiVersion``, ``kind``, ``metadata``,
``spec`` and ``status``, and msgspec decodes and encodes them through the two hooks at the end, which the codec hands to
it. Decoding prunes and fills in defaults by the version's shape, as decoding into a Struct drops and fills in fields.
"""

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from kubernel.objects.models import Plain, meta
from kubernel.objects.schemas.pruning import META_FIELDS
from kubernel.objects.unknown import unknown_fields

if TYPE_CHECKING:  # every process knows custom objects, and few meet one: schemas and CEL take 16 ms and 2 MiB
    from kubernel.objects.custom.shape import Shape

__all__ = ["CustomObject", "custom_type", "read_custom", "write_custom"]

_CANONICAL = msgspec.json.Encoder(order="deterministic")
"""Keys in their order, so that the same content is always the same bytes."""


class CustomObject:
    """An object of some version of a custom kind; each version has a class of its own (`custom_type`)."""

    __slots__ = ("_content", "apiVersion", "kind", "metadata")
    __struct_fields__: ClassVar = ("apiVersion", "kind", "metadata", "content")
    shape: "ClassVar[Shape]"
    head: ClassVar[tuple[str, str]]
    apiVersion: str | None  # noqa: N815 - the field's name on the wire
    kind: str | None
    metadata: meta.ObjectMeta | None

    def __init__(self, metadata: meta.ObjectMeta | None, content: Plain) -> None:
        self.apiVersion, self.kind = self.head
        self.metadata = metadata
        self._content = content

    @classmethod
    def read(cls, value: object) -> "CustomObject":
        """Make an object of decoded JSON, which is not changed.

        Raises:
            msgspec.ValidationError: It is no object, or something with a fixed type has a wrong one.
        """
        head = msgspec.convert(value, _Head)
        content = cls.shape.complete({k: v for k, v in value.items() if k not in META_FIELDS})  # type: ignore[attr-defined]  # converting has checked it
        return cls(head.metadata, content)

    @classmethod
    def unknown(cls, value: Plain) -> list[str]:
        """Return the paths of the fields that `read` drops."""
        metadata = unknown_fields(meta.ObjectMeta, value.get("metadata"))
        return [*(f"metadata.{path}" for path in metadata), *cls.shape.unknown(value)]

    @property
    def content(self) -> Plain:
        """Everything but the head."""
        return self._content

    @content.setter
    def content(self, content: Plain) -> None:
        self._content = dict(content)

    @property
    def wanted(self) -> Plain:
        """The content without the status."""
        return {name: value for name, value in self._content.items() if name != "status"}

    @property
    def spec(self) -> Any:  # noqa: ANN401 - whatever the schema says
        """The field ``spec``; ``None`` when there is none."""
        return self._content.get("spec")

    @property
    def status(self) -> Any:  # noqa: ANN401
        """The field ``status``; ``None`` when there is none."""
        return self._content.get("status")

    @status.setter
    def status(self, status: Any) -> None:  # noqa: ANN401
        if status is None:
            self._content.pop("status", None)
        else:
            self._content["status"] = status

    def plain(self) -> Plain:
        """Return the whole object as plain JSON; its content is shared."""
        metadata = msgspec.to_builtins(self.metadata) if self.metadata is not None else {}
        return {"apiVersion": self.apiVersion, "kind": self.kind, "metadata": metadata, **self._content}

    def encoded(self) -> bytes:
        """Return the canonical JSON: the head first, then the content sorted."""
        head = _CANONICAL.encode(_Head(self.apiVersion, self.kind, self.metadata))
        rest = _CANONICAL.encode(self._content)
        return head if len(rest) == len(b"{}") else b"%s,%s" % (head[:-1], rest[1:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CustomObject) and self.plain() == other.plain()

    __hash__ = None  # type: ignore[assignment]  # it can be changed


class _Head(msgspec.Struct, omit_defaults=True):
    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None
    metadata: meta.ObjectMeta | None = None


def custom_type(api_version: str, kind: str, shape: "Shape") -> type[CustomObject]:
    """Return the class for the objects of one version of a custom kind."""
    namespace = {"__slots__": (), "__module__": __name__, "shape": shape, "head": (api_version, kind)}
    return type(kind, (CustomObject,), namespace)


def read_custom(of_type: type, value: Any) -> Any:  # noqa: ANN401 - msgspec's own signature
    """Decode what msgspec does not know: its ``dec_hook``."""
    if issubclass(of_type, CustomObject):
        return of_type.read(value)
    raise NotImplementedError(f"{of_type} is no type of an object")


def write_custom(value: Any) -> Any:  # noqa: ANN401
    """Encode what msgspec does not know: its ``enc_hook``."""
    if isinstance(value, CustomObject):
        return msgspec.Raw(value.encoded())
    raise NotImplementedError(f"{type(value)} is no type of an object")
