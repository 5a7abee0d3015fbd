"""Ephemeral containers: guests in a pod that runs (``kubectl debug``). They come one by one and never go or change.

Source: Kubernetes' ``validateEphemeralContainers`` and ``ValidatePodEphemeralContainersUpdate``.
"""

from collections.abc import Iterable

from msgspec import structs

from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_not_found
from kubernel.objects.models import core
from kubernel.objects.pods.changes import MIRROR
from kubernel.objects.pods.containers.mounts import Volumes
from kubernel.objects.pods.containers.rules import common_errors, image_errors
from kubernel.objects.workloads.equality import same

__all__ = ["changed_errors", "ephemeral_errors", "take_ephemeral"]

_PATH = "spec.ephemeralContainers"
_FORBIDDEN = (
    "lifecycle",
    "livenessProbe",
    "ports",
    "readinessProbe",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "startupProbe",
)
_SUBPATHS = ("subPath", "subPathExpr")
_NOT_HERE = "cannot be set for an Ephemeral Container"


def ephemeral_errors(spec: core.PodSpec, volumes: Volumes) -> Iterable[FieldError]:
    """Check the ephemeral containers of a pod's spec, with defaults filled in."""
    lasting = {container.name for container in (*spec.containers, *(spec.initContainers or ()))}
    seen = set(lasting)
    for i, container in enumerate(spec.ephemeralContainers or ()):
        path = f"{_PATH}[{i}]"
        yield from common_errors(spec, container, volumes, path)
        if container.name in seen:
            yield field_duplicate(f"{path}.name", container.name)
        seen.add(container.name)
        if container.targetContainerName and container.targetContainerName not in lasting:
            yield field_not_found(f"{path}.targetContainerName", container.targetContainerName)
        yield from _forbidden(container, path)
    yield from image_errors(spec.ephemeralContainers, _PATH)


def _forbidden(container: core.EphemeralContainer, path: str) -> Iterable[FieldError]:
    """Find what a guest may not have: nobody may rely on it."""
    resources = container.resources
    for name in _FORBIDDEN:
        if getattr(container, name):
            yield field_forbidden(f"{path}.{name}", _NOT_HERE)
    if resources is not None and (resources.limits or resources.requests or resources.claims):
        yield field_forbidden(f"{path}.resources", _NOT_HERE)
    for i, mount in enumerate(container.volumeMounts or ()):
        for name in _SUBPATHS:
            if getattr(mount, name):
                yield field_forbidden(f"{path}.volumeMounts[{i}].{name}", _NOT_HERE)


def take_ephemeral(kept: core.Pod, sent: core.Pod) -> None:
    """Take the ephemeral containers from a request to ``ephemeralcontainers``, and nothing else."""
    if kept.spec is not None and sent.spec is not None:
        kept.spec = structs.replace(kept.spec, ephemeralContainers=sent.spec.ephemeralContainers)


def changed_errors(new: core.Pod, old: core.Pod) -> Iterable[FieldError]:
    """Check that all who were there still are, unchanged; their order may change."""
    if MIRROR in ((old.metadata.annotations if old.metadata else None) or {}):
        yield field_forbidden("", "static pods do not support ephemeral containers")
        return
    now = {container.name: container for container in (new.spec.ephemeralContainers if new.spec else None) or ()}
    for was in (old.spec.ephemeralContainers if old.spec else None) or ():
        if was.name not in now:
            yield field_forbidden(_PATH, f'existing ephemeral containers "{was.name}" may not be removed\n')
        elif not same(now[was.name], was):
            yield field_forbidden(_PATH, f'existing ephemeral containers "{was.name}" may not be changed\n')
