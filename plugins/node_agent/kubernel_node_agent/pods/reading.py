"""Reading a pod's fields without asking at each one whether it is there."""

from collections.abc import Iterator
from datetime import UTC, datetime

from kubernel.objects.models import core, meta_of

__all__ = [
    "FINISHED",
    "all_containers",
    "containers_of",
    "deadline_of",
    "full_name",
    "init_containers_of",
    "is_being_deleted",
    "is_finished",
    "is_init",
    "is_sidecar",
    "restart_policy",
    "spec_of",
    "uid_of",
    "utc_now",
]

FINISHED = frozenset({"Succeeded", "Failed"})
"""The phases that are final."""


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


def uid_of(pod: core.Pod) -> str:
    """Return the pod's uid; the API server gives one to each."""
    return meta_of(pod).uid or ""


def full_name(pod: core.Pod) -> str:
    """Return ``name_namespace(uid)``, as the kubelet writes it in events."""
    about = meta_of(pod)
    return f"{about.name}_{about.namespace}({about.uid})"


def spec_of(pod: core.Pod) -> core.PodSpec:
    """Return the pod's spec; the API server accepts no pod without one."""
    return pod.spec or core.PodSpec(containers=[])


def containers_of(pod: core.Pod) -> list[core.Container]:
    """Return the pod's main containers."""
    return spec_of(pod).containers


def init_containers_of(pod: core.Pod) -> list[core.Container]:
    """Return the pod's init containers, sidecars among them."""
    return spec_of(pod).initContainers or []


def all_containers(pod: core.Pod) -> Iterator[core.Container]:
    """Yield init and main containers."""
    yield from init_containers_of(pod)
    yield from containers_of(pod)


def is_sidecar(container: core.Container) -> bool:
    """Whether an init container goes on running beside the main ones."""
    return container.restartPolicy == "Always"


def is_init(pod: core.Pod, container: core.Container) -> bool:
    """Whether this is an init container that runs to its end (names are unique in a pod)."""
    return not is_sidecar(container) and any(each.name == container.name for each in init_containers_of(pod))


def restart_policy(pod: core.Pod, container: core.Container) -> str:
    """Return the policy that rules this container's restarts."""
    policy = container.restartPolicy or spec_of(pod).restartPolicy or "Always"
    return "OnFailure" if policy == "Always" and is_init(pod, container) else policy


def is_being_deleted(pod: core.Pod) -> bool:
    """Whether somebody asked for its end."""
    return meta_of(pod).deletionTimestamp is not None


def is_finished(pod: core.Pod) -> bool:
    """Whether its phase is final."""
    return pod.status is not None and pod.status.phase in FINISHED


def deadline_of(pod: core.Pod) -> datetime | None:
    """Return when the pod has been active too long, or ``None``."""
    seconds = spec_of(pod).activeDeadlineSeconds
    started = pod.status.startTime if pod.status else None
    if seconds is None or started is None:
        return None
    return datetime.fromtimestamp(started.timestamp() + seconds, UTC)
