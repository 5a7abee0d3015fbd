"""What a deletion does to an object: gone at once, or marked and finished by others.

An object goes when three things are true: it is marked (``deletionTimestamp``), its grace is over
(``deletionGracePeriodSeconds`` is 0) and nobody holds it back (no finalizers). Source: Kubernetes' API
conventions and the registry's ``BeforeDelete``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from kubernel.objects.errors import (
    StatusError,
    bad_request,
    conflict,
    field_invalid,
    field_not_supported,
    invalid,
)
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain, meta, meta_of

__all__ = ["DeleteOptions", "check_preconditions", "is_finished", "mark"]

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
_POLICIES = ("Foreground", "Background", "Orphan")
_HOLDS = {"Foreground": FOREGROUND, "Orphan": ORPHAN}


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """What the client wants.

    Attributes:
        grace_s: Overrides the object's own grace period; ``None`` keeps it.
        propagation: ``Background``, ``Foreground``, ``Orphan``, or empty for the kind's default.
        uid, resource_version: Delete only this very object, only at this revision; empty means any.
        is_dry_run: Store nothing.
    """

    grace_s: int | None = None
    propagation: str = ""
    uid: str = ""
    resource_version: str = ""
    is_dry_run: bool = False

    @classmethod
    def from_plain(cls, plain: Plain) -> "DeleteOptions":
        """Read a decoded ``DeleteOptions``.

        Raises:
            StatusError: 400, a field has the wrong type; 422, values that are not possible, each named.
        """
        if plain.get("kind", "DeleteOptions") != "DeleteOptions":
            raise bad_request(f'kind: Invalid value: "{plain["kind"]}": the body of a deletion must be DeleteOptions')
        try:
            said = msgspec.convert(plain, meta.DeleteOptions)
        except msgspec.ValidationError as error:
            what = 'DeleteOptions in version "v1" cannot be handled as a DeleteOptions'
            raise bad_request(f"{what}: json: {error}") from error
        _check(said)
        policy = said.propagationPolicy or ""
        if said.orphanDependents is not None:
            policy = "Orphan" if said.orphanDependents else "Background"
        preconditions = said.preconditions or meta.Preconditions()
        return cls(
            grace_s=said.gracePeriodSeconds,
            propagation=policy,
            uid=preconditions.uid or "",
            resource_version=preconditions.resourceVersion or "",
            is_dry_run=said.dryRun == ["All"],
        )


def _check(said: meta.DeleteOptions) -> None:
    """Refuse options that contradict themselves (source: apimachinery's ``ValidateDeleteOptions``)."""
    errors = []
    if said.orphanDependents is not None and said.propagationPolicy is not None:
        why = "orphanDependents and deletionPropagation cannot be both set"
        errors.append(field_invalid("propagationPolicy", said.propagationPolicy, why))
    if said.propagationPolicy and said.propagationPolicy not in _POLICIES:
        errors.append(field_not_supported("propagationPolicy", said.propagationPolicy, [*_POLICIES, "nil"]))
    if said.dryRun and said.dryRun != ["All"]:
        errors.append(field_not_supported("dryRun", said.dryRun, ("All",)))
    if said.gracePeriodSeconds is not None and said.gracePeriodSeconds < 0:
        why = "must be greater than or equal to 0"
        errors.append(field_invalid("gracePeriodSeconds", said.gracePeriodSeconds, why))
    if errors:
        raise invalid("DeleteOptions", "", errors, "meta.k8s.io")


def is_finished(kind: Kind, obj: ApiObject) -> bool:
    """Whether nothing keeps the object any longer: the write that made it so is its deletion."""
    metadata = meta_of(obj)
    return (
        metadata.deletionTimestamp is not None
        and not metadata.finalizers
        and not metadata.deletionGracePeriodSeconds
        and not kind.is_held(obj)
    )


def check_preconditions(kind: Kind, metadata: meta.ObjectMeta, options: DeleteOptions) -> None:
    """Refuse to delete another object, or another state of it, than the client meant.

    Raises:
        StatusError: 409.
    """
    for what, wanted, found in (
        ("UID", options.uid, metadata.uid),
        ("ResourceVersion", options.resource_version, metadata.resourceVersion),
    ):
        if wanted and wanted != found:
            raise _failed(kind, metadata.name or "", what, wanted, found or "")


def _failed(kind: Kind, name: str, what: str, wanted: str, found: str) -> StatusError:
    why = f"Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {found}"
    return conflict(kind.plural, name, kind.group, why)


def mark(kind: Kind, obj: ApiObject, options: DeleteOptions, now: datetime) -> None:
    """Mark an object for deletion, in place; afterwards `is_finished` says whether it goes at once.

    Repeating a deletion can only shorten the grace period.
    """
    metadata = meta_of(obj)
    grace_s = kind.grace_s(obj) if options.grace_s is None or not kind.grace_s(obj) else options.grace_s
    if metadata.deletionTimestamp is not None:
        left_s = metadata.deletionGracePeriodSeconds or 0
        if options.grace_s is None or grace_s >= left_s:
            return
        metadata.deletionTimestamp += timedelta(seconds=grace_s - left_s)
    else:
        metadata.deletionTimestamp = now + timedelta(seconds=grace_s)
        if metadata.generation:
            metadata.generation += 1
        _hold_for_dependents(kind, metadata, options)
        kind.on_marked(obj)
    metadata.deletionGracePeriodSeconds = grace_s


def _hold_for_dependents(kind: Kind, metadata: meta.ObjectMeta, options: DeleteOptions) -> None:
    """Add the finalizer of the propagation policy; the garbage collector takes it off when the policy is carried out.

    A policy that the client names replaces one that is there; without one the object's own finalizers count, then the
    kind's default (source: the registry's ``deletionFinalizersForGarbageCollection``).
    """
    has = metadata.finalizers or []
    policy = options.propagation
    if not policy and not any(finalizer in has for finalizer in _HOLDS.values()):
        policy = "Orphan" if kind.orphans_by_default else ""
    if policy:
        others = [finalizer for finalizer in has if finalizer not in _HOLDS.values()]
        metadata.finalizers = ([*others, _HOLDS[policy]] if policy in _HOLDS else others) or None
