"""From what a client sent to what the log may keep: every create and every update passes through here.

Each has two halves, and admission, which may wait for others, happens between them: `begin_new` and `begin_changed`
stamp or restore metadata, fill in defaults and keep apart what one request may write (``spec`` or ``status``);
`check_new` and `check_changed` collect every broken rule into one 422. They know no kind by name and no storage: the
``resourceVersion`` and the deletion itself are the API server's business.
"""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from itertools import chain, islice
from operator import attrgetter
from typing import Any, TypeVar

from kubernel.objects.errors import FieldError, StatusError, bad_request, conflict, invalid
from kubernel.objects.kind import Kind, Part
from kubernel.objects.metadata import change_errors, drop_empty, metadata_errors, restore, stamp
from kubernel.objects.models import ApiObject, meta, meta_of
from kubernel.objects.rules.maps import Mistyped

__all__ = ["begin_changed", "begin_new", "check_changed", "check_new", "prepare_changed", "prepare_new"]

T = TypeVar("T", bound=ApiObject)

NAMESPACE_MISMATCH = "the namespace of the provided object does not match the namespace sent on the request"
MOST_ERRORS = 1000
"""Broken rules that one answer names: ten thousand are as wrong as a thousand, and cost ten times as much."""

_STATUS = "status"
_WHOLE = frozenset({None, "scale"})
"""Requests that write an object the ordinary way; other subresources (binding, finalize) have their own rules."""


def prepare_new(kind: Kind[T], obj: T, *, namespace: str | None, now: datetime) -> None:
    """Make a decoded object ready to be stored for the first time: `begin_new`, then `check_new`.

    For who has no admission to put between the two.

    Raises:
        StatusError: As both.
    """
    begin_new(kind, obj, namespace=namespace, now=now)
    check_new(kind, obj)


def begin_new(kind: Kind[T], obj: T, *, namespace: str | None, now: datetime) -> None:
    """Stamp a decoded object's metadata and fill in what the client left out.

    Args:
        kind: Its kind.
        obj: Changed in place.
        namespace: The request's namespace; ``None`` for cluster-scoped kinds.
        now: The time now, in UTC.

    Raises:
        StatusError: 400 when the request contradicts itself.
    """
    metadata = meta_of(obj)
    _place(metadata, namespace if kind.namespaced else None)
    drop_empty(metadata)
    stamp(metadata, now, generation=1 if kind.has_generation else None)
    try:
        kind.default(obj)
        kind.prepare_create(obj)
    except Mistyped as error:
        raise _malformed(kind, error) from error


def check_new(kind: Kind[T], obj: T) -> None:
    """Check every rule of an object that `begin_new` (and admission) have completed.

    Raises:
        StatusError: 422 with every broken rule.
    """
    metadata = meta_of(obj)
    try:
        named = metadata_errors(metadata, kind.name_errors)
        _refuse(kind, metadata, chain(named, kind.validate(obj), kind.validate_create(obj)))
    except Mistyped as error:
        raise _malformed(kind, error) from error


def prepare_changed(
    kind: Kind[T],
    new: T,
    old: T,
    *,
    subresource: str | None,
    now: datetime,  # noqa: ARG001 - the pair of prepare_new, so that a caller need not know which of them reads it
) -> None:
    """Make the new state of a stored object ready to replace the old one: `begin_changed`, then `check_changed`.

    Raises:
        StatusError: As both.
    """
    begin_changed(kind, new, old, subresource=subresource)
    check_changed(kind, new, old, subresource=subresource)


def begin_changed(kind: Kind[T], new: T, old: T, *, subresource: str | None) -> None:
    """Keep what the request may not write and fill in what the client left out.

    Args:
        kind: Its kind.
        new: What the client wants, whole; changed in place. It may take over parts of ``old``.
        old: What is stored; not changed.
        subresource: What the request addressed, such as ``status``; ``None`` for the object itself.

    Raises:
        StatusError: 400 when the request contradicts itself, 409 when it means another object of this name.
    """
    metadata, stored = meta_of(new), meta_of(old)
    _same(kind, metadata, stored)
    part = _part(kind, subresource)
    if part is not None:
        _keep_all_but(part, kind, new, old)
    else:
        restore(metadata, stored)
        if kind.has_status:
            new.status = old.status  # type: ignore[attr-defined]  # has_status says that it has
    try:
        kind.default(new)
    except Mistyped as error:
        raise _malformed(kind, error) from error


def check_changed(kind: Kind[T], new: T, old: T, *, subresource: str | None) -> None:
    """Check every rule of a changed object that `begin_changed` (and admission) have completed, and count the change.

    Raises:
        StatusError: 422 with every broken rule.
    """
    metadata = meta_of(new)
    try:
        _refuse(kind, metadata, _changes(kind, new, old, subresource))
    except Mistyped as error:
        raise _malformed(kind, error) from error
    drop_empty(metadata)
    if kind.has_generation and _is_new_generation(kind, new, old):
        metadata.generation = (meta_of(old).generation or 0) + 1


def _is_new_generation(kind: Kind[T], new: T, old: T) -> bool:
    if kind.counted_fields:
        return any(attrgetter(name)(new) != attrgetter(name)(old) for name in kind.counted_fields)
    return bool(new.spec != old.spec)  # type: ignore[attr-defined]  # spec_changes_generation says that it has one


def _changes(kind: Kind[T], new: T, old: T, subresource: str | None) -> Iterable[FieldError]:
    whole = subresource in _WHOLE
    if whole or subresource == _STATUS:
        kind.prepare_update(new, old)
    checked = kind.validate(new) if kind.validate_changed is None else kind.validate_changed(new, old)
    yield from change_errors(meta_of(new), meta_of(old))
    yield from checked
    if whole:
        yield from kind.validate_update(new, old)
    elif subresource == _STATUS:
        yield from kind.validate_status(new, old)
    elif (part := _part(kind, subresource)) is not None:
        yield from part.errors(new, old)


def _place(metadata: meta.ObjectMeta, namespace: str | None) -> None:
    if namespace is None or not metadata.namespace:
        metadata.namespace = namespace
    elif metadata.namespace != namespace:
        raise bad_request(NAMESPACE_MISMATCH)


def _same(kind: Kind[T], new: meta.ObjectMeta, old: meta.ObjectMeta) -> None:
    """Check that an update means the stored object; what it leaves out is taken as meant."""
    if new.name and new.name != old.name:
        raise bad_request(f"the name of the object ({new.name}) does not match the name on the URL ({old.name})")
    if kind.namespaced and new.namespace and new.namespace != old.namespace:
        raise bad_request(NAMESPACE_MISMATCH)
    if new.uid and new.uid != old.uid:
        why = f"Precondition failed: UID in precondition: {new.uid}, UID in object meta: {old.uid}"
        raise conflict(kind.plural, old.name or "", kind.group, why)


def _part(kind: Kind[T], subresource: str | None) -> Part[T] | None:
    """Return what a request to a subresource may write, where that is not the whole object."""
    if subresource is None:
        return None
    return kind.parts.get(subresource) or (_ONLY_STATUS if kind.has_status and subresource == _STATUS else None)


def _take_status(kept: Any, sent: Any) -> None:  # noqa: ANN401 - any kind that has one
    kept.status = sent.status


_ONLY_STATUS: Part[Any] = Part(_take_status)


def _keep_all_but(part: Part[T], kind: Kind[T], new: T, old: T) -> None:
    """Take everything but a part from the stored object; the optimistic lock is the client's."""
    sent, resource_version = copy(new), meta_of(new).resourceVersion
    for name in kind.type.__struct_fields__:  # type: ignore[attr-defined]  # every model is a Struct
        if name not in {"apiVersion", "kind"}:
            setattr(new, name, getattr(old, name))
    part.take(new, sent)
    metadata = copy(meta_of(old))
    metadata.resourceVersion = resource_version
    new.metadata = metadata


def _refuse(kind: Kind[T], metadata: meta.ObjectMeta, errors: Iterable[FieldError]) -> None:
    found = list(islice(errors, MOST_ERRORS))
    if found:
        raise invalid(kind.name, metadata.name or "", found, kind.group)


def _malformed(kind: Kind[T], error: Mistyped) -> StatusError:
    return bad_request(f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {error}')
