"""From what a client sent to what the log may keep: every create and every update passes through here.

`prepare_new` and `prepare_changed` stamp or restore metadata, fill in defaults, keep apart what one request may write
(``spec`` or ``status``), and collect every broken rule into one 422. They know no kind by name and no storage: the
``resourceVersion`` and the deletion itself are the API server's business.
"""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime
from typing import TypeVar

from kubernel.objects.errors import FieldError, StatusError, bad_request, conflict, invalid
from kubernel.objects.kind import Kind
from kubernel.objects.metadata import change_errors, drop_empty, metadata_errors, restore, stamp
from kubernel.objects.models import ApiObject, meta, meta_of
from kubernel.objects.rules.maps import Mistyped

__all__ = ["prepare_changed", "prepare_new"]

T = TypeVar("T", bound=ApiObject)

NAMESPACE_MISMATCH = "the namespace of the provided object does not match the namespace sent on the request"
Complete = Callable[[], bool]
"""Completes the object before its rules are checked (admission); says whether its defaults must be filled in again."""

_STATUS = "status"
_WHOLE = frozenset({None, "scale"})
"""Requests that write an object the ordinary way; other subresources (binding, finalize) have their own rules."""


def prepare_new(
    kind: Kind[T], obj: T, *, namespace: str | None, now: datetime, complete: Complete | None = None
) -> None:
    """Make a decoded object ready to be stored for the first time.

    Args:
        kind: Its kind.
        obj: Changed in place.
        namespace: The request's namespace; ``None`` for cluster-scoped kinds.
        now: The time now, in UTC.
        complete: Called with the defaults filled in, before the rules are checked.

    Raises:
        StatusError: 400 when the request contradicts itself, 422 with every broken rule.
    """
    metadata = meta_of(obj)
    _place(metadata, namespace if kind.namespaced else None)
    drop_empty(metadata)
    stamp(metadata, now, generation=1 if kind.spec_changes_generation else None)
    try:
        kind.default(obj)
        kind.prepare_create(obj)
        if complete is not None and complete():
            kind.default(obj)
        _refuse(kind, metadata, [*metadata_errors(metadata, kind.name_errors), *kind.validate(obj)])
    except Mistyped as error:
        raise _malformed(kind, error) from error


def prepare_changed(
    kind: Kind[T],
    new: T,
    old: T,
    *,
    subresource: str | None,
    now: datetime,  # noqa: ARG001 - the pair of prepare_new, so that a caller need not know which of them reads it
    complete: Complete | None = None,
) -> None:
    """Make the new state of a stored object ready to replace the old one.

    Args:
        kind: Its kind.
        new: What the client wants, whole; changed in place. It may take over parts of ``old``.
        old: What is stored; not changed.
        subresource: What the request addressed, such as ``status``; ``None`` for the object itself.
        now: The time now, in UTC.
        complete: As for `prepare_new`.

    Raises:
        StatusError: 400 when the request contradicts itself, 409 when it means another object of this name, 422 with
            every broken rule.
    """
    metadata, stored = meta_of(new), meta_of(old)
    _same(kind, metadata, stored)
    if kind.has_status and subresource == _STATUS:
        _keep_all_but_status(kind, new, old)
        metadata = meta_of(new)
    else:
        restore(metadata, stored)
        if kind.has_status:
            new.status = old.status  # type: ignore[attr-defined]  # has_status says that it has
    try:
        kind.default(new)
        if complete is not None and complete():
            kind.default(new)
        _refuse(kind, metadata, _changes(kind, new, old, subresource))
    except Mistyped as error:
        raise _malformed(kind, error) from error
    drop_empty(metadata)
    if kind.spec_changes_generation and new.spec != old.spec:  # type: ignore[attr-defined]  # likewise
        metadata.generation = (stored.generation or 0) + 1


def _changes(kind: Kind[T], new: T, old: T, subresource: str | None) -> list[FieldError]:
    whole = subresource in _WHOLE
    if whole or subresource == _STATUS:
        kind.prepare_update(new, old)
    errors = [*change_errors(meta_of(new), meta_of(old)), *kind.validate(new)]
    if whole:
        errors += kind.validate_update(new, old)
    return errors


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


def _keep_all_but_status(kind: Kind[T], new: T, old: T) -> None:
    """Take everything but the status from the stored object; the optimistic lock is the client's."""
    resource_version = meta_of(new).resourceVersion
    for name in kind.type.__struct_fields__:  # type: ignore[attr-defined]  # every model is a Struct
        if name not in {"apiVersion", "kind", _STATUS}:
            setattr(new, name, getattr(old, name))
    metadata = copy(meta_of(old))
    metadata.resourceVersion = resource_version
    new.metadata = metadata


def _refuse(kind: Kind[T], metadata: meta.ObjectMeta, errors: Iterable[FieldError]) -> None:
    found = list(errors)
    if found:
        raise invalid(kind.name, metadata.name or "", found, kind.group)


def _malformed(kind: Kind[T], error: Mistyped) -> StatusError:
    return bad_request(f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {error}')
