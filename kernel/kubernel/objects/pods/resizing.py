"""Resizing: what a request to ``resize`` may change of a pod that runs: the CPU and memory of its containers.

Source: Kubernetes' pod resize strategy and ``ValidatePodResize``, whose words the refusals are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import structs

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.models import core
from kubernel.objects.pods.resources import qos_class

__all__ = ["resize_errors", "take_resources"]

_COMPUTE = ("cpu", "memory")
_LISTS = ("containers", "initContainers")


def take_resources(kept: core.Pod, sent: core.Pod) -> None:
    """Take the containers' resources from a request to ``resize``.

    Containers that came, went or moved are taken too, so that `resize_errors` can say so.
    """
    if kept.spec is None or sent.spec is None:
        return
    kept.spec = structs.replace(
        kept.spec, **{name: _resized(getattr(sent.spec, name), getattr(kept.spec, name)) for name in _LISTS}
    )


def _resized(sent: list[core.Container] | None, kept: list[core.Container] | None) -> list[core.Container] | None:
    if [container.name for container in sent or ()] != [container.name for container in kept or ()]:
        return sent
    return [
        structs.replace(was, resources=now.resources, resizePolicy=now.resizePolicy)
        for now, was in zip(sent or (), kept or (), strict=True)
    ] or kept


def resize_errors(new: core.Pod, old: core.Pod) -> Iterable[FieldError]:
    """Check a resize: the pod stays what it is, and only CPU and memory change."""
    if new.spec is None or old.spec is None:
        return
    if old.spec.os is not None and old.spec.os.name == "windows":
        yield field_forbidden("", "windows pods cannot be resized")
    quality = qos_class(new.spec)
    if quality != ((old.status.qosClass if old.status else None) or qos_class(old.spec)):
        yield field_invalid("spec", quality, "Pod QOS Class may not change as a result of resizing")
    moved = [*_moved(new.spec.containers, old.spec.containers, "containers")]
    moved += _moved(new.spec.initContainers or (), old.spec.initContainers or (), "initContainers")
    yield from moved
    if not moved:
        yield from _changes(new.spec, old.spec)


def _moved(new: Sequence[core.Container], old: Sequence[core.Container], field: str) -> Iterable[FieldError]:
    if len(new) != len(old):
        what = "removed" if len(new) < len(old) else "added"
        yield field_forbidden(f"spec.{field}", f"{field} may not be {what} on resize")
        return
    for i, (now, was) in enumerate(zip(new, old, strict=True)):
        if now.name != was.name:
            why = f"{field} may not be renamed or reordered on resize"
            yield field_forbidden(f"spec.{field}[{i}].name", why)


def _changes(new: core.PodSpec, old: core.PodSpec) -> Iterable[FieldError]:
    is_more_than_compute = False
    for field in _LISTS:
        pairs = zip(getattr(new, field) or (), getattr(old, field) or (), strict=True)
        for i, (now, was) in enumerate(pairs):
            if field == "initContainers" and was.restartPolicy != "Always":
                if now != was:
                    yield field_forbidden("spec", "resources for non-sidecar init containers are immutable")
                continue
            yield from _removed(now.resources, was.resources, f"spec.{field}[{i}].resources")
            is_more_than_compute |= _without_compute(now) != _without_compute(was)
    if is_more_than_compute:
        yield field_forbidden("spec", "only cpu and memory resources are mutable")


def _removed(
    new: core.ResourceRequirements | None, old: core.ResourceRequirements | None, path: str
) -> Iterable[FieldError]:
    for field in ("requests", "limits"):
        now: dict[str, Any] = (getattr(new, field) if new else None) or {}
        was: dict[str, Any] = (getattr(old, field) if old else None) or {}
        if any(name in was and name not in now for name in _COMPUTE):
            yield field_forbidden(f"{path}.{field}", f"resource {field} cannot be removed")


def _without_compute(container: core.Container) -> core.Container:
    resources = container.resources or core.ResourceRequirements()
    rest = {
        field: {n: q for n, q in (getattr(resources, field) or {}).items() if n not in _COMPUTE} or None
        for field in ("requests", "limits")
    }
    return structs.replace(container, resources=structs.replace(resources, **rest))
