"""Stored objects in the form of the kind that a path names, and back; see `kubernel.objects.kind.View`.

Nothing is done for kinds that are stored as they are, which is nearly all of them.
"""

from collections.abc import Sequence
from itertools import chain

from kubernel.api.request.call import now
from kubernel.api.verbs.portions import in_portions
from kubernel.objects import codec
from kubernel.objects.lifecycle import begin_changed, begin_new, check_changed, check_new
from kubernel.objects.models import ApiObject
from kubernel.objects.registry import AnyKind
from kubernel.watch import Record

__all__ = ["shown", "shown_one", "stored_changed", "stored_new"]


async def shown(kind: AnyKind, records: Sequence[Record]) -> Sequence[Record]:
    """Return stored records as records of a kind, converted in one call.

    Raises:
        StatusError: They cannot be converted.
    """
    view = kind.view
    if view is None or not records:
        return records
    decoded = await in_portions(lambda portion: [codec.decode_plain(record.data) for record in portion], records)
    objects = await view.from_stored(list(chain.from_iterable(decoded)))
    made = await in_portions(
        lambda portion: [
            Record(kind, record.namespace, record.name, record.revision, codec.encode_plain(obj), record.owners)
            for record, obj in portion
        ],
        list(zip(records, objects, strict=True)),
    )
    return list(chain.from_iterable(made))


async def shown_one(kind: AnyKind, record: Record) -> Record:
    """Return one stored record as a record of a kind."""
    return record if kind.view is None else (await shown(kind, [record]))[0]


async def stored_new(kind: AnyKind, obj: ApiObject, namespace: str) -> ApiObject:
    """Return the form in which a new, complete object of a kind is stored.

    Raises:
        StatusError: It cannot be converted, or breaks a rule of the stored kind that holds for its views.
    """
    view = kind.view
    if view is None:
        return obj
    stored: ApiObject = codec.from_plain(view.of, await view.to_stored(codec.to_plain(obj), None))[0]
    if view.checks_as_stored:
        begin_new(view.of, stored, namespace=namespace or None, now=now())
        check_new(view.of, stored)
    return stored


async def stored_changed(kind: AnyKind, new: ApiObject, current: Record, subresource: str | None) -> ApiObject:
    """Return the form in which a changed, complete object of a kind is stored.

    Args:
        kind: The kind.
        new: What is wanted.
        current: What is stored now.
        subresource: What the request addressed.

    Raises:
        StatusError: As `stored_new`.
    """
    view = kind.view
    if view is None:
        return new
    plain = await view.to_stored(codec.to_plain(new), codec.decode_plain(current.data))
    stored: ApiObject = codec.from_plain(view.of, plain)[0]
    if view.checks_as_stored:
        old = current.decode()
        begin_changed(view.of, stored, old, subresource=subresource)
        check_changed(view.of, stored, old, subresource=subresource)
    return stored
