"""What containers get unasked.

Source: Kubernetes' ``plugin/pkg/admission/limitranger``; the annotation is its own, word for word.
"""

from collections.abc import Iterable
from typing import Any

from kubernel.objects.models import core, meta_of

__all__ = ["fill_in"]

_ANNOTATION = "kubernetes.io/limit-ranger"
_CONTAINER = "Container"


def fill_in(pod: core.Pod, limits: core.LimitRange) -> None:
    """Fill in requests and limits that a pod's containers leave out; an annotation says what was filled in."""
    if pod.spec is None:
        return
    requests: dict[str, Any] = {}
    most: dict[str, Any] = {}
    for item in (limits.spec.limits if limits.spec else None) or ():
        if item.type == _CONTAINER:
            requests |= item.defaultRequest or {}
            most |= item.default or {}
    notes = [note for c in pod.spec.containers for note in _completed(c, requests, most, "container")]
    notes += [note for c in pod.spec.initContainers or () for note in _completed(c, requests, most, "init container")]
    if notes:
        metadata = meta_of(pod)
        metadata.annotations = {
            **(metadata.annotations or {}),
            _ANNOTATION: f"LimitRanger plugin set: {'; '.join(notes)}",
        }


def _completed(container: core.Container, requests: dict[str, Any], limits: dict[str, Any], what: str) -> Iterable[str]:
    resources = container.resources or core.ResourceRequirements()
    for field, defaults, called in (("requests", requests, "request"), ("limits", limits, "limit")):
        given: dict[str, Any] = getattr(resources, field) or {}
        missing = {name: amount for name, amount in defaults.items() if name not in given}
        if missing:
            setattr(resources, field, {**given, **missing})
            yield f"{', '.join(sorted(missing))} {called} for {what} {container.name}"
    container.resources = resources
