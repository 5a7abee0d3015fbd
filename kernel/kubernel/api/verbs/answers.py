"""Answers in the form that the client accepts: objects as they are, as tables, or their metadata alone.

Every verb that answers with objects comes here. Objects and lists are spliced from stored bytes, metadata is cut out of
them; only tables decode. YAML, indentation and compression come later, for all answers alike (``http.finishing``).
"""

from collections.abc import Callable, Sequence
from typing import cast, get_args

from kubernel.api.http.negotiation import Form, Shape
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.verbs.portions import in_portions
from kubernel.api.verbs.views import shown, shown_one
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, field_invalid
from kubernel.objects.models import Plain
from kubernel.objects.ownership import is_brief
from kubernel.objects.registry import AnyKind
from kubernel.objects.tables import Include, column_definitions, rows
from kubernel.store import Entry
from kubernel.watch import Record

__all__ = ["check_form", "document", "included", "many", "one", "one_shown", "stored_record"]


def check_form(form: Form, kind: AnyKind, *, is_list: bool) -> None:
    """Refuse a form that is not one of a list, or only one of a list.

    Raises:
        StatusError: 406.
    """
    if form.shape is (Shape.PARTIAL if is_list else Shape.PARTIAL_LIST):
        package = kind.group.partition(".")[0] or "core"
        found = f"a list (*{package}.{kind.name}List)" if is_list else f"not a list (*{package}.{kind.name})"
        message = f"you requested {form.shape.value}, but the requested object is {found}"
        raise StatusError(406, "NotAcceptable", message)


def included(call: Call) -> Include:
    """Return what each row of a table carries of its object (``includeObject``).

    Raises:
        StatusError: 400, unknown value.
    """
    include = call.query.get("includeObject") or "Metadata"
    if include not in get_args(Include):
        error = field_invalid("includeObject", include, "must be 'Metadata', 'Object', 'None', or empty")
        raise bad_request(f"Unable to convert to Table as requested: {error}")
    return cast("Include", include)


def document(call: Call, form: Form, *, with_headings: bool = True) -> Callable[[Record], bytes]:
    """Return what makes the JSON of one object, of any kind, in a form.

    Args:
        call: The request.
        form: The form.
        with_headings: Whether a table has its columns' definitions, or ``null`` in their place.

    Raises:
        StatusError: 400, the query's table options are wrong.
    """
    if form.shape is Shape.TABLE:
        include = included(call)
        return lambda record: _table(
            form, record.kind if with_headings else None, _rows(form, include, [record]), _version_of(record)
        )
    if form.shape is Shape.WHOLE:
        return lambda record: record.data
    return lambda record: _partial(form, record)


def _partial(form: Form, record: Record) -> bytes:
    version = form.api_version.encode()
    return b'{"kind":"PartialObjectMetadata","apiVersion":"%s","metadata":%s}' % (
        version,
        codec.metadata_in(record.data),
    )


def _rows(form: Form, include: Include, records: Sequence[Record]) -> bytes:
    """Return the rows of some records of one kind, without brackets."""
    objects = (record.decode() for record in records)
    kind = records[0].kind if records else None
    made = rows(kind, objects, now=now(), include=include, version=form.api_version) if kind else []
    return codec.encode_plain(made)[1:-1]


def _version_of(record: Record) -> Plain:
    return {"resourceVersion": str(record.revision)} if record.revision else {}


def _table(form: Form, kind: AnyKind | None, made: bytes, metadata: Plain) -> bytes:
    return b'{"kind":"Table","apiVersion":"%s","metadata":%s,"columnDefinitions":%s,"rows":[%s]}' % (
        form.api_version.encode(),
        codec.encode_plain(metadata),
        codec.encode_plain(column_definitions(kind) if kind else None),
        made,
    )


def stored_record(kind: AnyKind, stored: Record | Entry) -> Record:
    """Return what a write stored as a record of the stored kind."""
    if isinstance(stored, Record):
        return stored
    _, namespace, name = stored.key.split("/")
    return Record(kind.stored_as, namespace, name, stored.revision, stored.data, stored.owners)


async def one(call: Call, stored: Record | Entry, code: int = 200) -> Answer:
    """Answer with one stored object; to who names a field manager, with its owners."""
    kind, form = call.target.kind, call.form
    if "fieldManager" in call.query and is_brief(stored.owners):
        stored = stored_record(kind, stored).with_owners()
    if form.shape is Shape.WHOLE and kind.view is None:
        return Answer(code, stored.data, warnings=call.warnings)
    return one_shown(call, await shown_one(kind, stored_record(kind, stored)), code)


def one_shown(call: Call, record: Record, code: int = 200) -> Answer:
    """Answer with one object that has its kind's own form already, such as a Scale."""
    check_form(call.form, record.kind, is_list=False)
    return Answer(code, document(call, call.form)(record), warnings=call.warnings)


async def many(call: Call, records: Sequence[Record], metadata: Plain) -> Answer:
    """Answer with a list of stored objects.

    Args:
        call: The request.
        records: The objects in their order.
        metadata: The list's own: its ``resourceVersion``, and ``continue`` if there is more.
    """
    kind, form = call.target.kind, call.form
    check_form(form, kind, is_list=True)
    seen = await shown(kind, records)
    if form.shape is Shape.TABLE:
        include = included(call)
        made = await in_portions(lambda portion: _rows(form, include, portion), seen)
        return Answer(200, _table(form, kind, b",".join(made), metadata))
    if form.shape is Shape.PARTIAL_LIST:
        item = document(call, form)
        items = await in_portions(lambda portion: b",".join(map(item, portion)), seen)
        return Answer(200, _list(form.shape.value, form.api_version, items, metadata))
    return Answer(200, _list(kind.list_kind, kind.api_version, [record.data for record in seen], metadata))


def _list(kind: str, api_version: str, items: list[bytes], metadata: Plain) -> bytes:
    """Join items, or runs of items, in one pass: a large list is copied once."""
    opening = b'{"kind":"%s","apiVersion":"%s","metadata":%s,"items":[' % (
        kind.encode(),
        api_version.encode(),
        codec.encode_plain(metadata),
    )
    if not items:
        return opening + b"]}"
    items[0] = opening + items[0]
    items[-1] += b"]}"
    return b",".join(items)
