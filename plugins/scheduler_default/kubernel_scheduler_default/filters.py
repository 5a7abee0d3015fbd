"""The filter steps: where a pod cannot run, and why.

A filter yields (reason, where it refuses). Filters are asked in order, and a node is counted for the first filter
that refuses it, as kube-scheduler does; one filter may give a node several reasons. To add a rule, write a class
like these and put it into `PLACEMENT` or `ROOM`.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from kubernel.objects.models import core
from kubernel.plugin.contracts.scheduler import PodInfo
from kubernel.plugin.scheduling import (
    AFFINITY,
    CORDONED,
    CPU,
    MEMORY,
    NODE_NAME,
    PODS,
    REPELS,
    UNSCHEDULABLE_TAINT,
    node_fields,
    requirement_matches,
    untolerated,
    untolerated_reason,
)

from kubernel_scheduler_default.columns import Columns, Mask, Taints

__all__ = ["PLACEMENT", "ROOM", "Filter", "term_mask"]


class Filter(Protocol):
    """One rule about where a pod cannot run."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """Yield a reason in kube-scheduler's words and the nodes for which it holds."""


class TakesPods:
    """The node is ready and not cordoned (or the pod tolerates that it is)."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """See `Filter`."""
        for reason in filter(None, columns.blocked.values):
            if reason != CORDONED or untolerated(_tolerations(pod), (UNSCHEDULABLE_TAINT,)):
                yield reason, columns.blocked.equals(reason)


class RequestedNode:
    """``spec.nodeName``, when the pod has it already, names the only node."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """See `Filter`."""
        if pod.pod.spec and pod.pod.spec.nodeName:
            yield NODE_NAME, ~columns.only(pod.pod.spec.nodeName)


class ToleratedTaints:
    """The pod tolerates every taint that keeps pods off."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """See `Filter`."""
        for taints in columns.taints.values:
            if bad := _first_untolerated(pod, taints):
                yield bad, columns.taints.equals(taints)


class AllowedByAffinity:
    """``spec.nodeSelector`` and the required node affinity."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """See `Filter`."""
        spec = pod.pod.spec
        if spec is None:
            return
        allowed = np.ones(columns.count, np.bool_)
        for key, value in (spec.nodeSelector or {}).items():
            allowed &= columns.label(key).equals(value)
        affinity = spec.affinity.nodeAffinity if spec.affinity else None
        if affinity and (required := affinity.requiredDuringSchedulingIgnoredDuringExecution):
            terms = [term_mask(term, columns) for term in required.nodeSelectorTerms or ()]
            allowed &= np.logical_or.reduce(terms) if terms else False
        yield AFFINITY, ~allowed


class ResourceFit:
    """What the pod requests is left; a resource that it does not request is never missing."""

    def refused(self, pod: PodInfo, columns: Columns) -> Iterator[tuple[str, Mask]]:
        """See `Filter`."""
        requests = pod.requests
        yield PODS, columns.free_pods < requests.pods
        if requests.cpu_millicores:
            yield CPU, columns.free_cpu < requests.cpu_millicores
        if requests.memory_bytes:
            yield MEMORY, columns.free_memory < requests.memory_bytes


PLACEMENT: tuple[Filter, ...] = (TakesPods(), RequestedNode(), ToleratedTaints(), AllowedByAffinity())
"""Rules whose answer stays the same during a batch and for all pods of one shape."""

ROOM: tuple[Filter, ...] = (ResourceFit(),)
"""Rules that each placed pod changes."""


def term_mask(term: core.NodeSelectorTerm, columns: Columns) -> Mask:
    """Return where all requirements of a node selector term hold; an empty term holds nowhere."""
    masks = [_requirement_mask(r, columns) for r in term.matchExpressions or ()]
    masks += [_field_mask(r, columns) for r in term.matchFields or ()]
    allowed: Mask = np.logical_and.reduce(masks) if masks else np.zeros(columns.count, np.bool_)
    return allowed


def _requirement_mask(requirement: core.NodeSelectorRequirement, columns: Columns) -> Mask:
    return columns.label(requirement.key).where(lambda value: requirement_matches(requirement, value))


def _field_mask(requirement: core.NodeSelectorRequirement, columns: Columns) -> Mask:
    return columns.name_is(lambda name: requirement_matches(requirement, node_fields(name).get(requirement.key)))


def _tolerations(pod: PodInfo) -> list[core.Toleration] | None:
    return pod.pod.spec.tolerations if pod.pod.spec else None


def _first_untolerated(pod: PodInfo, taints: Taints) -> str:
    bad = untolerated(_tolerations(pod), (taint.as_taint() for taint in taints), REPELS)
    return untolerated_reason(bad[0]) if bad else ""
