"""Ownership of the objects of one kind: what the pieces of this room are for a `Kind`."""

from kubernel.objects import codec
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.ownership.brief import EXPLICIT, STATUS, owners_of
from kubernel.objects.ownership.elements import Unshaped
from kubernel.objects.ownership.entries import Managed, decode_managed, encode_managed
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.from_schema import shape_of_schema
from kubernel.objects.ownership.from_types import shape_of_type, zero_of_type
from kubernel.objects.ownership.shapes import Shape
from kubernel.objects.ownership.versions import Version
from kubernel.objects.strict import decodes_itself

__all__ = ["managed_in", "managed_text", "shape_of", "version_of", "with_managed", "zero_of"]

SCHEMAS_MAX = 512
"""Shapes of schemas are kept for so many; the oldest is made again when somebody asks."""

_by_schema: dict[int, tuple[Plain, Shape]] = {}
_ANYTHING: Plain = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""What the log holds of a kind whose versions a webhook converts: any of them."""

_TYPE_META = frozenset({"apiVersion", "kind", "status"})


def _schema_of(kind: Kind[ApiObject]) -> Plain | None:
    """Return the schema that describes a kind's objects; ``None`` when their Python type does."""
    return _ANYTHING if kind.schema is None and decodes_itself(kind.type) else kind.schema


def shape_of(kind: Kind[ApiObject]) -> Shape:
    """Return the shape of a kind's objects."""
    schema = _schema_of(kind)
    if schema is None:
        return shape_of_type(kind.type)
    known = _by_schema.get(id(schema))
    if known is None or known[0] is not schema:
        known = _by_schema[id(schema)] = (schema, shape_of_schema(schema))
        if len(_by_schema) > SCHEMAS_MAX:
            del _by_schema[next(iter(_by_schema))]
    return known[1]


def zero_of(kind: Kind[ApiObject]) -> Plain:
    """Return what of a kind's objects is there before anybody writes it; of a custom one, nothing."""
    return zero_of_type(kind.type) if _schema_of(kind) is None else {}


def version_of(kind: Kind[ApiObject], *, is_status: bool) -> Version:
    """Return a kind's version, with what a request for the object, or for its status, cannot write."""
    shape = shape_of(kind)
    if is_status:
        others = FieldSet({f"f:{name}": {} for name in shape.members if name not in _TYPE_META})
        return Version(shape, others)
    return Version(shape, STATUS) if kind.has_status else Version(shape)


def managed_in(kind: Kind[ApiObject], obj: Plain, owners: str) -> Managed:
    """Return who owns the fields of a stored object.

    Args:
        kind: Its kind.
        obj: The object, decoded.
        owners: What stands beside it (`brief`).
    """
    try:
        if owners == EXPLICIT:
            return decode_managed(obj["metadata"].get("managedFields"), is_stored=True)
        return owners_of(owners, obj, shape_of(kind), zero_of(kind), has_status=kind.has_status)
    except (
        Unshaped,
        ValueError,
        RecursionError,
    ):  # it goes on without owners, as in Kubernetes
        return {}


def managed_text(kind: Kind[ApiObject], data: bytes, owners: str) -> bytes:
    """Return the JSON of the ``managedFields`` that the lines beside a stored object say; empty when it has none."""
    managed = managed_in(kind, codec.plain_stored(data), owners)
    return codec.encode_plain(encode_managed(managed)) if managed else b""


def with_managed(kind: Kind[ApiObject], data: bytes, managed: bytes) -> bytes:
    """Put `managed_text` into a stored object, which is then as who asks for this one object sees it."""
    if not managed:
        return data
    length = len(codec.head(kind.api_version, kind.name))
    return b'%s"managedFields":%s,%s' % (data[:length], managed, data[length:])
