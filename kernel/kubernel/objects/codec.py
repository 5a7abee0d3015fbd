"""Bytes to typed objects and back: the only place that decodes or encodes.

One C pass of msgspec decodes, type-checks and prunes a JSON body (about 5 µs for a 1 KiB pod). Two things it
cannot do are done beside it: naming every field that the type does not have (`strict` says whether there is one,
`unknown` which), and saying what is wrong in Kubernetes' words.

The stored form is canonical JSON *without* ``metadata.resourceVersion``, because the revision is known only when
the write commits. Every object encodes ``apiVersion``, ``kind``, ``metadata`` first, so the stored bytes begin with
a text that is the same for all objects of the kind (`head`), and the store splices the revision in right
after it (`with_revision`) without touching the rest.
"""

import re
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from kubernel.objects.custom.custom_object import read_custom, write_custom
from kubernel.objects.errors import StatusError, bad_request, field_required, invalid
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.moments import with_microseconds
from kubernel.objects.strict import decode_strictly
from kubernel.objects.unknown import unknown_fields

__all__ = [
    "decode",
    "decode_new",
    "decode_plain",
    "decode_stored",
    "encode",
    "encode_plain",
    "from_plain",
    "head",
    "labels_in",
    "metadata_in",
    "to_plain",
    "with_revision",
]

T = TypeVar("T", bound=ApiObject)

_HEAD = ("apiVersion", "kind", "metadata")
_ENCODER = msgspec.json.Encoder(enc_hook=write_custom)
_PLAIN = msgspec.json.Decoder()
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>\$[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`")
_WORDS = {"str": "string", "int": "number", "float": "number", "bool": "bool", "object": "object", "array": "array"}


class _TypeOf(msgspec.Struct):
    """What a body says of its own type."""

    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None


class _Labelled(msgspec.Struct):
    labels: dict[str, str] | None = None


class _Labels(msgspec.Struct):
    metadata: _Labelled | None = None


class _Metadata(msgspec.Struct):
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


_TYPE_OF = msgspec.json.Decoder(_TypeOf)
_LABELS = msgspec.json.Decoder(_Labels)
_METADATA = msgspec.json.Decoder(_Metadata)


@lru_cache(maxsize=512)
def _decoder(struct: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(struct, dec_hook=read_custom)


@lru_cache(maxsize=512)
def head(api_version: str, kind: str) -> bytes:
    """Return the bytes with which every stored object of a kind begins, up to and including ``"metadata":{``."""
    return b'{"apiVersion":"%s","kind":"%s","metadata":{' % (api_version.encode(), kind.encode())


def with_revision(body: bytes, head_length: int, revision: int) -> bytes:
    """Splice ``resourceVersion`` into an object that was encoded without it (its metadata is not empty)."""
    return b'%s"resourceVersion":"%d",%s' % (body[:head_length], revision, body[head_length:])


def labels_in(data: bytes) -> dict[str, str]:
    """Return the labels of a stored object; a fifth of the work of decoding it."""
    metadata = _LABELS.decode(data).metadata
    return (metadata and metadata.labels) or {}


def metadata_in(data: bytes) -> bytes:
    """Cut the JSON of its metadata out of a stored object."""
    return bytes(_METADATA.decode(data).metadata)


def encode(obj: ApiObject) -> bytes:
    """Return the canonical JSON of an object: the head, then the fields in the order of its type, no defaults."""
    struct = type(obj)
    order = _head_first(struct)
    if order is None:
        return with_microseconds(struct, _ENCODER.encode(obj))
    fields = ((name, getattr(obj, name)) for name in order)
    body = _ENCODER.encode({name: value for name, value in fields if value is not None})
    return with_microseconds(struct, body)


@lru_cache(maxsize=512)
def _head_first(struct: type[ApiObject]) -> tuple[str, ...] | None:
    """Return the order in which the fields must be encoded, or ``None`` when msgspec does it so by itself.

    The generated types sort their fields by name, so a ConfigMap's ``data`` or an Event's ``count`` would come
    before ``kind`` and ``metadata``, where `with_revision` splices.
    """
    fields: tuple[str, ...] = struct.__struct_fields__  # type: ignore[attr-defined]  # every ApiObject is a Struct
    if fields[: len(_HEAD)] == _HEAD:
        return None
    return _HEAD + tuple(name for name in fields if name not in _HEAD)


def encode_plain(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the JSON of a plain value: a Status, a list of discovery entries."""
    return _ENCODER.encode(value)


def decode_plain(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Decode JSON that has no type: a patch, delete options.

    Raises:
        StatusError: 400, the body is not JSON.
    """
    try:
        return _PLAIN.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"error decoding the request body: json: {error}") from error


def decode(kind: Kind[T], body: bytes, *, find_unknown: bool = False) -> tuple[T, list[str]]:
    """Decode one object of a kind from JSON.

    Args:
        kind: What the path says it is; the body's ``apiVersion`` and ``kind`` must agree or be left out.
        body: UTF-8 JSON.
        find_unknown: Also return the paths of the fields that the kind does not have, which decoding drops.

    Returns:
        The object, and the unknown fields' paths such as ``spec.containers[0].imagee``.

    Raises:
        StatusError: 400 for what is not JSON, has a wrong type somewhere or is another kind; 422 with the field's
            path for a required field that is missing.
    """
    try:
        _check_type(kind, _TYPE_OF.decode(body))
        obj = _decoder(kind.type).decode(body)
    except msgspec.ValidationError as error:
        raise _explained(kind, error, body) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(
            f"the object provided is unrecognized (must be of type {kind.name}): json parse error: {error}"
        ) from error
    meta_of(obj)
    if not find_unknown or decode_strictly(kind.type, body) is not None:
        return obj, []
    return obj, unknown_fields(kind.type, _PLAIN.decode(body))


def decode_stored(kind: Kind[T], data: bytes) -> T:
    """Decode what the log holds; it was checked when it was written, and may say another version of its kind."""
    obj: T = _decoder(kind.type).decode(data)
    meta_of(obj)
    return obj


def decode_new(kind: Kind[T], body: bytes) -> tuple[T, list[str]]:
    """Decode an object that is to be stored and not compared with another; as `decode` with ``find_unknown``.

    In one pass where `decode` needs two: a create is the most frequent write, and compares with nothing.
    """
    obj = decode_strictly(kind.type, body)
    if obj is None:
        return decode(kind, body, find_unknown=True)
    _check_type(kind, _TYPE_OF.decode(body))
    meta_of(obj)
    return obj, []


def from_plain(kind: Kind[T], value: Plain, *, find_unknown: bool = False) -> tuple[T, list[str]]:
    """Make a typed object of a decoded one (after a patch, or from YAML); errors as in `decode`."""
    try:
        _check_type(kind, msgspec.convert(value, _TypeOf))
        obj = msgspec.convert(value, kind.type, dec_hook=read_custom)
    except msgspec.ValidationError as error:
        raise _explained(kind, error, _ENCODER.encode(value)) from error
    meta_of(obj)
    return obj, unknown_fields(kind.type, value) if find_unknown else []


def to_plain(obj: ApiObject) -> Plain:
    """Return the object as plain JSON values, times as text; the result is the caller's own."""
    plain: Plain = _PLAIN.decode(_ENCODER.encode(obj))
    return plain


def _check_type(kind: Kind[T], said: _TypeOf) -> None:
    """Refuse what says that it is something else; the generated types write their own names over what was said."""
    if said.apiVersion not in (None, "", kind.api_version):
        raise bad_request(
            f"the API version in the data ({said.apiVersion}) does not match the expected API version "
            f"({kind.api_version})"
        )
    if said.kind not in (None, "", kind.name):
        raise bad_request(
            f'{said.kind} in version "{kind.api_version}" cannot be handled as a {kind.name}: '
            f"the kind in the data does not match the resource {kind.resource}"
        )


def _explained(kind: Kind[T], error: msgspec.ValidationError, body: bytes) -> StatusError:
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "$") if match else (str(error), "$")
    path = path.removeprefix("$").removeprefix(".")
    if missing := _MISSING.search(what):
        field = f"{path}.{missing['field']}" if path else missing["field"]
        return invalid(kind.name, _name_in(body), [field_required(field)], kind.group)
    if wrong := _EXPECTED.search(what):
        got = _WORDS.get(wrong["got"], wrong["got"])
        expected = " or ".join(
            _WORDS.get(t.strip(), t.strip()) for t in wrong["expected"].split("|") if "null" not in t
        )
        what = f"json: cannot unmarshal {got} into field {path or kind.name} of type {expected}"
    else:
        what = f"json: {path}: {what}" if path else f"json: {what}"
    return bad_request(f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {what}')


def _name_in(body: bytes) -> str:
    metadata = _PLAIN.decode(body).get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""
