"""The kind ``Pod``: containers that run together on one node."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import FieldError, field_required
from kubernel.objects.kind import Column, Kind, Part
from kubernel.objects.models import core
from kubernel.objects.pods.changes import annotation_update_errors, pod_update_errors
from kubernel.objects.pods.containers.ephemeral import changed_errors, take_ephemeral
from kubernel.objects.pods.defaults import default_pod
from kubernel.objects.pods.resizing import resize_errors, take_resources
from kubernel.objects.pods.resources import qos_class
from kubernel.objects.pods.spec import new_pod_errors, pod_errors
from kubernel.objects.pods.status import status_errors
from kubernel.objects.pods.summary import summarise
from kubernel.objects.warnings import pod_warnings

__all__ = ["POD"]


def _default(pod: core.Pod) -> None:
    if pod.spec is not None:
        default_pod(pod.spec)
    status = pod.status
    if status is not None:
        # The singular address is the first of the plural ones; writers give either.
        if status.podIP and not status.podIPs:
            status.podIPs = [core.PodIP(status.podIP)]
        if status.hostIP and not status.hostIPs:
            status.hostIPs = [core.HostIP(status.hostIP)]


def _prepare_create(pod: core.Pod) -> None:
    pod.status = core.PodStatus(phase="Pending")
    if pod.spec is not None:
        pod.status.qosClass = qos_class(pod.spec)


def _prepare_update(new: core.Pod, old: core.Pod) -> None:
    """Keep the QoS class, which a status writer may leave out and nobody may change."""
    if new.status is not None and old.status is not None and old.status.qosClass:
        new.status.qosClass = old.status.qosClass


def _validate(pod: core.Pod) -> Iterable[FieldError]:
    if pod.spec is None:
        yield field_required("spec.containers")
    else:
        yield from pod_errors(pod.spec)


def _validate_create(pod: core.Pod) -> Iterable[FieldError]:
    return new_pod_errors(pod.spec) if pod.spec else ()


def _validate_update(new: core.Pod, old: core.Pod) -> Iterable[FieldError]:
    said, was = (pod.metadata.annotations if pod.metadata else None for pod in (new, old))
    yield from annotation_update_errors(said, was, "metadata.annotations")
    if new.spec is not None and old.spec is not None:
        yield from pod_update_errors(new.spec, old.spec)


def _ready(pod: core.Pod, _now: datetime) -> str:
    summary = summarise(pod)
    return f"{summary.ready}/{summary.total}"


def _gates(pod: core.Pod, _now: datetime) -> str:
    gates = [gate.conditionType for gate in (pod.spec.readinessGates if pod.spec else None) or ()]
    conditions = (pod.status.conditions if pod.status else None) or []
    met = {condition.type for condition in conditions if condition.status == "True"}
    return f"{sum(gate in met for gate in gates)}/{len(gates)}" if gates else NONE


def _pod_ip(pod: core.Pod) -> str:
    if pod.status is None:
        return ""
    return pod.status.podIPs[0].ip if pod.status.podIPs else pod.status.podIP or ""


def _grace_s(pod: core.Pod) -> int:
    """Return 0 for a pod that no node has or that has ended: there is nobody to wait for.

    Source: the pod strategy's ``CheckGracefulDelete``.
    """
    if pod.spec is None or not pod.spec.nodeName or (pod.status and pod.status.phase in {"Succeeded", "Failed"}):
        return 0
    grace = pod.spec.terminationGracePeriodSeconds or 0
    return 1 if grace < 0 else grace


POD = Kind(
    type=core.Pod,
    group="",
    version="v1",
    name="Pod",
    plural="pods",
    singular="pod",
    namespaced=True,
    short_names=("po",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_validate,
    warnings=pod_warnings,
    validate_create=_validate_create,
    validate_update=_validate_update,
    validate_status=status_errors,
    columns=(
        NAME,
        Column("Ready", _ready, description="The containers that are ready, of all."),
        Column("Status", lambda p, _: summarise(p).reason, description="The status of the containers together."),
        Column("Restarts", lambda p, now: summarise(p).restarts_text(now), description="Restarts of the containers."),
        AGE,
        Column("IP", lambda p, _: _pod_ip(p) or NONE, priority=1, description="The pod's address."),
        Column(
            "Node", lambda p, _: (p.spec and p.spec.nodeName) or NONE, priority=1, description="The node it runs on."
        ),
        Column(
            "Nominated Node",
            lambda p, _: (p.status and p.status.nominatedNodeName) or NONE,
            priority=1,
            description="The node where room is being made for it.",
        ),
        Column("Readiness Gates", _gates, priority=1, description="The readiness gates that are met, of all."),
    ),
    selectable={
        "spec.nodeName": lambda p: (p.spec and p.spec.nodeName) or "",
        "spec.restartPolicy": lambda p: (p.spec and p.spec.restartPolicy) or "",
        "spec.schedulerName": lambda p: (p.spec and p.spec.schedulerName) or "",
        "spec.serviceAccountName": lambda p: (p.spec and p.spec.serviceAccountName) or "",
        "spec.hostNetwork": lambda p: "true" if p.spec and p.spec.hostNetwork else "false",
        "status.phase": lambda p: (p.status and p.status.phase) or "",
        "status.podIP": _pod_ip,
        "status.nominatedNodeName": lambda p: (p.status and p.status.nominatedNodeName) or "",
    },
    has_status=True,
    spec_changes_generation=True,
    subresources=("attach", "binding", "eviction", "exec", "log", "portforward", "proxy"),
    parts={
        "ephemeralcontainers": Part(take_ephemeral, changed_errors),
        "resize": Part(take_resources, resize_errors),
    },
    grace_s=_grace_s,
    is_returned_by_deletion=True,
)
