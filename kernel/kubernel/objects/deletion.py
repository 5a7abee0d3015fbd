"""What a deletion does to an object: gone at once, or marked and finished by others.

An object goes when three things are true: it is marked (``deletionTimestamp``), its grace is over
(``deletionGracePeriodSeconds`` is 0) and nobody holds it back (no finalizers). Source: Kubernetes' API
conventions and the registry's ``BeforeDelete``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kubernel.objects.errors import StatusError, bad_request, conflict
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain, meta, meta_of

__all__ = ["DeleteOptions", "check_preconditions", "is_finished", "mark"]

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
_POLICIES = ("Background", "Foreground", "Orphan")
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
            StatusError: 400, a field is wrong; the message names it.
        """
        if plain.get("kind", "DeleteOptions") != "DeleteOptions":
            raise bad_request(f'kind: Invalid value: "{plain["kind"]}": the body of a deletion must be DeleteOptions')
        grace_s, policy = plain.get("gracePeriodSeconds"), plain.get("propagationPolicy") or ""
        if grace_s is not None and (isinstance(grace_s, bool) or not isinstance(grace_s, int) or grace_s < 0):
            raise bad_request(f"gracePeriodSeconds: Invalid value: {grace_s}: must be a whole number, at least 0")
        if policy and policy not in _POLICIES:
            supported = ", ".join(f'"{p}"' for p in _POLICIES)
            raise bad_request(f'propagationPolicy: Unsupported value: "{policy}": supported values: {supported}')
        orphan = plain.get("orphanDependents")
        if orphan is not None and policy:
            raise bad_request("orphanDependents: Forbidden: orphanDependents and propagationPolicy cannot be both set")
        if orphan is not None:
            policy = "Orphan" if orphan else "Background"
        preconditions = plain.get("preconditions") or {}
        if not isinstance(preconditions, dict):
            raise bad_request("preconditions: Invalid value: must be an object")
        return cls(
            grace_s=grace_s,
            propagation=policy,
            uid=preconditions.get("uid") or "",
            resource_version=preconditions.get("resourceVersion") or "",
            is_dry_run=plain.get("dryRun") == ["All"],
        )


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
