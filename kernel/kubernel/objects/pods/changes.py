"""What an update may change of a pod: almost nothing, because containers already run from it.

Source: Kubernetes' ``ValidatePodUpdate``.
"""

from collections.abc import Iterable, Mapping
from copy import copy

import msgspec

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.models import core
from kubernel.objects.workloads.equality import same

__all__ = ["annotation_update_errors", "pod_update_errors", "spec_differences"]

MIRROR = "kubernetes.io/config.mirror"
_CHANGEABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)


def annotation_update_errors(
    new: Mapping[str, str] | None, old: Mapping[str, str] | None, path: str
) -> Iterable[FieldError]:
    """Check that nobody turns a pod into a mirror of a node's own, or back."""
    now, was = (new or {}).get(MIRROR), (old or {}).get(MIRROR)
    if now != was:
        verb = "add" if was is None else "remove or update"
        yield field_forbidden(f"{path}[{MIRROR}]", f"may not {verb} mirror pod annotation")


def pod_update_errors(new: core.PodSpec, old: core.PodSpec) -> Iterable[FieldError]:
    """Check an update of a pod's spec; both have their defaults."""
    if new == old:
        return
    for name in ("containers", "initContainers"):
        if len(getattr(new, name) or ()) != len(getattr(old, name) or ()):
            yield field_forbidden(f"spec.{name}", "pod updates may not add or remove containers")
            return
    yield from _deadline_errors(new.activeDeadlineSeconds, old.activeDeadlineSeconds)
    yield from _toleration_errors(new.tolerations, old.tolerations)
    yield from _gate_errors(new.schedulingGates, old.schedulingGates)
    allowed = _with_allowed_changes(new, old)
    if old.schedulingGates:
        yield from _gated_errors(new, old)
        allowed = _with_gated_changes(allowed, old)
    if not same(allowed, old):
        changed = "\n".join(spec_differences(allowed, old))
        why = f"pod updates may not change fields other than {','.join(_CHANGEABLE)}\n{changed}"
        yield field_forbidden("spec", why)


def _deadline_errors(new: int | None, old: int | None) -> Iterable[FieldError]:
    path = "spec.activeDeadlineSeconds"
    if new is None and old is not None:
        yield field_invalid(path, new, "must not update from a positive integer to nil value")
    elif new is not None and old is not None and new > old:
        yield field_invalid(path, new, "must be less than or equal to previous value")


def _toleration_errors(new: list[core.Toleration] | None, old: list[core.Toleration] | None) -> Iterable[FieldError]:
    kept = [msgspec.structs.replace(t, tolerationSeconds=None) for t in new or ()]
    for toleration in old or ():
        if msgspec.structs.replace(toleration, tolerationSeconds=None) not in kept:
            why = "existing toleration can not be modified except its tolerationSeconds"
            yield field_forbidden("spec.tolerations", why)
            return


def _gate_errors(
    new: list[core.PodSchedulingGate] | None, old: list[core.PodSchedulingGate] | None
) -> Iterable[FieldError]:
    """Check that gates are only removed, which is how a gated pod is released."""
    known = {gate.name for gate in old or ()}
    for i, gate in enumerate(new or ()):
        if gate.name not in known:
            why = f"only deletion is allowed, but found new scheduling gate '{gate.name}'"
            yield field_forbidden(f"spec.schedulingGates[{i}].name", why)


def _gated_errors(new: core.PodSpec, old: core.PodSpec) -> Iterable[FieldError]:
    """Check that a pod which still waits is only steered to fewer nodes."""
    wanted, kept = new.nodeSelector or {}, old.nodeSelector or {}
    if any(wanted.get(key) != value for key, value in kept.items()):
        why = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
        yield field_invalid("spec.nodeSelector", wanted, why)
    was, now = _required(old), _required(new)
    path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
    if was is None or same(now, was):
        return
    if now is None or len(now.nodeSelectorTerms) != len(was.nodeSelectorTerms):
        why = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
        yield field_invalid(f"{path}.nodeSelectorTerms", now.nodeSelectorTerms if now else None, why)
        return
    for i, (after, before) in enumerate(zip(now.nodeSelectorTerms, was.nodeSelectorTerms, strict=True)):
        if not _narrows(after, before):
            why = "only additions are allowed (no mutations or deletions)"
            yield field_invalid(f"{path}.nodeSelectorTerms[{i}]", after, why)


def _required(spec: core.PodSpec) -> core.NodeSelector | None:
    node = spec.affinity.nodeAffinity if spec.affinity is not None else None
    return node.requiredDuringSchedulingIgnoredDuringExecution if node is not None else None


def _narrows(after: core.NodeSelectorTerm, before: core.NodeSelectorTerm) -> bool:
    for name in ("matchExpressions", "matchFields"):
        was, now = getattr(before, name) or [], getattr(after, name) or []
        if now[: len(was)] != was:
            return False
    return bool(before.matchExpressions or before.matchFields) or after == before


def _with_allowed_changes(new: core.PodSpec, old: core.PodSpec) -> core.PodSpec:
    """Return the new spec with every allowed change taken back, so that equality is the test of the rest."""
    grace, old_grace = new.terminationGracePeriodSeconds, old.terminationGracePeriodSeconds
    return msgspec.structs.replace(
        new,
        containers=_with_images(new.containers, old.containers),
        initContainers=_with_images(new.initContainers, old.initContainers) if new.initContainers else None,
        activeDeadlineSeconds=old.activeDeadlineSeconds,
        tolerations=old.tolerations,
        schedulingGates=old.schedulingGates,
        terminationGracePeriodSeconds=old_grace if grace == 1 and (old_grace or 0) < 0 else grace,
    )


def _with_gated_changes(allowed: core.PodSpec, old: core.PodSpec) -> core.PodSpec:
    affinity = copy(allowed.affinity) or core.Affinity()
    affinity.nodeAffinity = old.affinity.nodeAffinity if old.affinity is not None else None
    is_empty = affinity == core.Affinity() and old.affinity is None
    return msgspec.structs.replace(allowed, nodeSelector=old.nodeSelector, affinity=None if is_empty else affinity)


def _with_images(new: list[core.Container], old: list[core.Container] | None) -> list[core.Container]:
    return [msgspec.structs.replace(n, image=o.image) for n, o in zip(new, old or (), strict=True)]


def spec_differences(new: core.PodSpec, old: core.PodSpec) -> Iterable[str]:
    """Yield what differs between two specs, field by field, for a message."""
    for name in core.PodSpec.__struct_fields__:
        was, now = getattr(old, name), getattr(new, name)
        if not same(was, now):
            yield f"- {name}: {msgspec.json.encode(was).decode()}"
            yield f"+ {name}: {msgspec.json.encode(now).decode()}"
