"""Bytes to typed objects and back: the only place that decodes or encodes.

One C pass of msgspec decodes, type-checks and prunes a JSON body (about 5 µs for a 1 KiB pod). Whether anything is
wrong with one that a client sends, `strict` says in such a pass; what it is, in the words of Kubernetes' decoder, says
`reading`, which is slow and sees few bodies.

The stored form is canonical JSON *without* ``metadata.resourceVersion``, because the revision is known only when
the write commits. Every object encodes ``apiVersion``, ``kind``, ``metadata`` first, so the stored bytes begin with
a text that is the same for all objects of the kind (`head`), and the store splices the revision in right
after it (`with_revision`) without touching the rest.
"""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from kubernel.objects.bounds import check_json
from kubernel.objects.custom.custom_object import read_custom, write_custom
from kubernel.objects.errors import StatusError, bad_request, invalid
from kubernel.objects.incomplete import errors_of_incomplete
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.moments import with_microseconds
from kubernel.objects.reading import Findings, Mismatch, has_duplicates, plain_of, read_carefully, tree_of
from kubernel.objects.strict import decode_strictly, decodes_itself, fits
from kubernel.objects.unknown import unknown_fields

__all__ = [
    "decode",
    "decode_new",
    "decode_plain",
    "decode_stored",
    "decode_untyped",
    "encode",
    "encode_plain",
    "from_plain",
    "head",
    "labels_in",
    "metadata_in",
    "plain_stored",
    "to_plain",
    "with_revision",
]

T = TypeVar("T", bound=ApiObject)

_HEAD = ("apiVersion", "kind", "metadata")
_ENCODER = msgspec.json.Encoder(enc_hook=write_custom)
_PLAIN = msgspec.json.Decoder()
_SHOWN_BYTES = 30
_GO_TYPE_META = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'


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
        StatusError: 400, the body is not JSON or nested too deep; 413, it has too many values.
    """
    check_json(body)
    try:
        return _PLAIN.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"error decoding the request body: json: {error}") from error


def plain_stored(data: bytes) -> Plain:
    """Decode what the log holds as plain values; it was checked when it came in."""
    plain: Plain = _PLAIN.decode(data)
    return plain


def decode_untyped(body: bytes) -> tuple[Any, list[str]]:
    """Decode JSON that has no type and that a client sends: a patch.

    Returns:
        The value, and a sentence for each field that stands twice.

    Raises:
        StatusError: As `decode_plain`.
    """
    value, findings = decode_plain(body), Findings()
    if has_duplicates(body):
        plain_of(tree_of(body), findings)
    return value, findings.sentences


def decode(kind: Kind[T], body: bytes, *, find_unknown: bool = False) -> tuple[T, list[str]]:
    """Decode one object of a kind from JSON.

    Args:
        kind: What the path says it is; the body's ``apiVersion`` and ``kind`` must agree or be left out.
        body: UTF-8 JSON within the bounds of `bounds.check_json`.
        find_unknown: A client sends it: check what an object that is stored was checked for when it came in, and
            find what strict decoding finds.

    Returns:
        The object without what its type does not have, and the findings, each as a sentence such as
        ``unknown field "spec.containers[0].imagee"``.

    Raises:
        StatusError: 400 for what is not JSON, has a wrong type somewhere or is another kind; 422 with the path of
            each required value that is missing and of every other broken rule.
    """
    if find_unknown:
        fitting = decode_strictly(kind.type, body)
        if fitting is None or _may_repeat(body, fitting, _TYPE_OF.decode(body)):
            return _read_carefully(kind, body)
    try:
        _check_type(kind, _TYPE_OF.decode(body))
        obj = _decoder(kind.type).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_carefully(kind, body)
    meta_of(obj)
    return obj, []


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
        return _read_carefully(kind, body)
    said = _TYPE_OF.decode(body)
    if _may_repeat(body, obj, said):
        return _read_carefully(kind, body)
    _check_type(kind, said)
    meta_of(obj)
    return obj, []


def from_plain(kind: Kind[T], value: Any, *, find_unknown: bool = False) -> tuple[T, list[str]]:  # noqa: ANN401
    """Make a typed object of a decoded one (after a patch, from YAML or protobuf); otherwise as `decode`.

    Args:
        kind: Its kind.
        value: Not changed. It may be a `reading.tree`, in which keys stand twice.
        find_unknown: Return what strict decoding finds; it is checked either way.
    """
    if not fits(kind.type, value):
        obj, found = _typed(kind, value)
        return obj, found if find_unknown else []
    _check_type(kind, msgspec.convert(value, _TypeOf))
    obj = msgspec.convert(value, kind.type, dec_hook=read_custom)
    meta_of(obj)
    return obj, []


def _may_repeat(body: bytes, obj: ApiObject, said: _TypeOf) -> bool:
    # An object says its own type also when the body does not, and then the two cannot be compared.
    says_type = said.apiVersion is not None and said.kind is not None
    return has_duplicates(body, _ENCODER.encode(obj) if says_type else None)


def _read_carefully(kind: Kind[T], body: bytes) -> tuple[T, list[str]]:
    try:
        # The whole text must be valid; Python's own decoder, which keeps what stands twice, takes more than JSON.
        value = _PLAIN.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unrecognized(kind, body, _words_of(error, body)) from error
    if not isinstance(value, dict):
        raise _unrecognized(kind, body, str(Mismatch.of(value, None, _GO_TYPE_META)))
    try:
        _check_type(kind, msgspec.convert(value, _TypeOf))
    except msgspec.ValidationError as error:
        raise _unrecognized(kind, body, f"json: {error}") from error
    return _typed(kind, tree_of(body))


def _words_of(error: Exception, body: bytes) -> str:
    is_cut_off = "truncated" in str(error) and not body.rstrip().endswith(b"}")
    return "unexpected end of JSON input" if is_cut_off else str(error)


def _typed(kind: Kind[T], tree: Any) -> tuple[T, list[str]]:  # noqa: ANN401 - any JSON value
    """Make an object of a decoded body in which something may be wrong, or that its type decodes itself."""
    findings = Findings()
    try:
        if decodes_itself(kind.type):
            plain = plain_of(tree, findings)
            findings.sentences += [f'unknown field "{path}"' for path in unknown_fields(kind.type, plain)]
        else:
            plain = read_carefully(kind.type, tree, findings)
        _check_type(kind, msgspec.convert(plain, _TypeOf))
        obj = msgspec.convert(plain, kind.type, dec_hook=read_custom)
    except (Mismatch, msgspec.ValidationError) as error:
        words = str(error) if isinstance(error, Mismatch) else f"json: {error}"
        raise bad_request(
            f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {words}'
        ) from error
    meta_of(obj)
    if findings.missing:
        raise invalid(kind.name, _name_in(plain), errors_of_incomplete(kind, obj, findings.missing), kind.group)
    return obj, findings.sentences


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


def _unrecognized(kind: Kind[T], body: bytes, words: str) -> StatusError:
    """400: not even the type can be read; the end shows how the body begins, as Kubernetes shows it."""
    shown = body[:_SHOWN_BYTES].decode(errors="replace") if body[:1] == b"{" else body[:_SHOWN_BYTES].hex()
    more = " ..." if len(body) > _SHOWN_BYTES else ""
    return bad_request(
        f"the object provided is unrecognized (must be of type {kind.name}): couldn't get version/kind; "
        f"json parse error: {words} ({shown}{more})"
    )


def _name_in(plain: Plain) -> str:
    name = (plain.get("metadata") or {}).get("name")
    return name if isinstance(name, str) else ""
