"""What an update may change of a pod: almost nothing, because containers already run from it.

Source: Kubernetes' ``ValidatePodUpdate``.
"""

from collections.abc import Iterable

import msgspec

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.models import core

__all__ = ["pod_update_errors"]

_CHANGEABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)


def pod_update_errors(new: core.PodSpec, old: core.PodSpec) -> Iterable[FieldError]:
    """Check an update of a pod's spec; both have their defaults."""
    if new == old:
        return
    recounted = False
    for name in ("containers", "initContainers"):
        if len(getattr(new, name) or ()) != len(getattr(old, name) or ()):
            yield field_forbidden(f"spec.{name}", "pod updates may not add or remove containers")
            recounted = True
    if recounted:
        return
    yield from _deadline_errors(new.activeDeadlineSeconds, old.activeDeadlineSeconds)
    yield from _toleration_errors(new.tolerations, old.tolerations)
    allowed = _with_allowed_changes(new, old)
    if allowed != old:
        changed = "\n".join(_differences(allowed, old))
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


def _with_allowed_changes(new: core.PodSpec, old: core.PodSpec) -> core.PodSpec:
    """Return the new spec with every allowed change taken back, so that equality is the test of the rest."""
    grace = new.terminationGracePeriodSeconds
    old_grace = old.terminationGracePeriodSeconds
    return msgspec.structs.replace(
        new,
        containers=_with_images(new.containers, old.containers),
        initContainers=_with_images(new.initContainers, old.initContainers) if new.initContainers else None,
        activeDeadlineSeconds=old.activeDeadlineSeconds,
        tolerations=old.tolerations,
        schedulingGates=_with_gates(new.schedulingGates, old.schedulingGates),
        terminationGracePeriodSeconds=old_grace if grace == 1 and (old_grace or 0) < 0 else grace,
    )


def _with_images(new: list[core.Container], old: list[core.Container] | None) -> list[core.Container]:
    return [msgspec.structs.replace(n, image=o.image) for n, o in zip(new, old or (), strict=True)]


def _with_gates(
    new: list[core.PodSchedulingGate] | None, old: list[core.PodSchedulingGate] | None
) -> list[core.PodSchedulingGate] | None:
    """Allow gates to be removed, which is how a gated pod is released."""
    return old if all(gate in (old or ()) for gate in new or ()) else new


def _differences(new: core.PodSpec, old: core.PodSpec) -> Iterable[str]:
    for name in core.PodSpec.__struct_fields__:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"- {name}: {msgspec.json.encode(was).decode()}"
            yield f"+ {name}: {msgspec.json.encode(now).decode()}"
