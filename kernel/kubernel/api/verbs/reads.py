"""The verbs ``get`` and ``list``: stored bytes, spliced together."""

import base64
import binascii
from dataclasses import dataclass
from typing import cast, get_args

import msgspec

from kubernel.api.http.negotiation import Form
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.options import ListOptions, too_new
from kubernel.objects import codec
from kubernel.objects.errors import bad_request, expired, not_found
from kubernel.objects.fields import parse_field_selector
from kubernel.objects.selectors import parse_selector
from kubernel.objects.tables import Include, table
from kubernel.watch import Interest, Record

__all__ = ["find", "get", "included", "interest_of", "list_"]


def find(call: Call) -> Record:
    """Return the object that the path names.

    Raises:
        StatusError: 404.
    """
    target = call.target
    record = call.state.cache.collection(target.kind).get(target.namespace, target.name)
    if record is None:
        raise not_found(target.kind.plural, target.name, target.kind.group)
    return record


async def get(call: Call) -> Answer:
    """Answer with one object."""
    record = find(call)
    if call.form is Form.TABLE:
        return _table(call, [record], {"resourceVersion": str(record.revision)})
    return Answer(200, record.data)


def interest_of(call: Call, options: ListOptions) -> Interest:
    """Return the selection of a list or watch.

    Raises:
        StatusError: 400, a selector is wrong.
    """
    target = call.target
    labels = parse_selector(options.label_selector)
    fields = parse_field_selector(_with_name(options.field_selector, target.name), target.kind)
    return Interest(target.namespace, labels, fields)


def _with_name(field_selector: str, name: str) -> str:
    # GET …/pods/x?watch=true watches one object.
    if not name:
        return field_selector
    return f"{field_selector},metadata.name={name}" if field_selector else f"metadata.name={name}"


async def list_(call: Call) -> Answer:
    """Answer with the objects that the selectors see, sorted by namespace and name."""
    options = ListOptions.read(call.query)
    cache = call.state.cache
    if options.revision is not None and options.revision > cache.revision:
        raise too_new(options.revision, cache.revision)
    if options.match == "Exact" and options.revision != cache.revision:
        raise expired(f"the list at resource version {options.revision} is not kept; list without resourceVersion")
    collection, interest = cache.collection(call.target.kind), interest_of(call, options)
    place = _Place.read(options.continue_token) if options.continue_token else None
    if place is not None and place.revision < collection.floor:
        raise expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list "
            "without the continue parameter."
        )
    records = collection.select(interest, after=(place.namespace, place.name) if place else None)
    # Every page says the revision of the first one: a watch from there repeats some changes and misses none.
    revision = place.revision if place else cache.revision
    metadata = {"resourceVersion": str(revision)}
    if options.limit is not None and len(records) > options.limit:
        rest = len(records) - options.limit
        records = records[: options.limit]
        metadata["continue"] = _Place(revision, records[-1].namespace, records[-1].name).token()
        if interest.labels.is_everything and interest.fields.is_everything:
            metadata["remainingItemCount"] = rest  # type: ignore[assignment]
    if call.form is Form.TABLE:
        return _table(call, records, metadata)
    return Answer(200, _spliced(call, records, metadata))


def _spliced(call: Call, records: list[Record], metadata: dict[str, str]) -> bytes:
    kind = call.target.kind
    opening = b'{"kind":"%sList","apiVersion":"%s","metadata":%s,"items":[' % (
        kind.name.encode(),
        kind.api_version.encode(),
        codec.encode_plain(metadata),
    )
    items = [record.data for record in records]
    if not items:
        return opening + b"]}"
    items[0] = opening + items[0]
    items[-1] += b"]}"
    return b",".join(items)


def _table(call: Call, records: list[Record], metadata: dict[str, str]) -> Answer:
    objects = [record.decode() for record in records]
    answer = table(call.target.kind, objects, now=now(), include=included(call))
    answer["metadata"] = metadata
    return Answer(200, codec.encode_plain(answer))


def included(call: Call) -> Include:
    """Return what each row of a table carries of its object (``includeObject``).

    Raises:
        StatusError: 400, unknown value.
    """
    include = call.query.get("includeObject", "Metadata")
    if include not in get_args(Include):
        listed = ", ".join(f'"{value}"' for value in get_args(Include))
        raise bad_request(f'includeObject: Unsupported value: "{include}": supported values: {listed}')
    return cast("Include", include)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a limited list stopped; its token survives a restart of the server."""

    revision: int
    namespace: str
    name: str

    def token(self) -> str:
        plain = codec.encode_plain([self.revision, self.namespace, self.name])
        return base64.urlsafe_b64encode(plain).decode().rstrip("=")

    @classmethod
    def read(cls, token: str) -> "_Place":
        try:
            plain = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            revision, namespace, name = msgspec.json.decode(plain, type=tuple[int, str, str])
        except (binascii.Error, ValueError, msgspec.DecodeError) as error:
            raise bad_request(
                "continue key is not valid: it must be the value that an earlier list returned"
            ) from error
        return cls(revision, namespace, name)
