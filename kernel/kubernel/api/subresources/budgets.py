"""Disruption budgets as an eviction sees them: which guards a pod, whether it may be spent, and spending it."""

from dataclasses import replace
from typing import cast

from lightkube.models import policy_v1 as policy

from kubernel.api.request.call import Call, now
from kubernel.api.request.target import Target
from kubernel.api.verbs.writes import change
from kubernel.objects.errors import Cause, StatusError, forbidden
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.models import ApiObject, core, meta, meta_of
from kubernel.objects.pods.state import is_ready
from kubernel.objects.registry import AnyKind
from kubernel.objects.selectors import from_label_selector

__all__ = ["budgets_of", "is_guarded", "spend"]

Budget = policy.PodDisruptionBudget

_BUDGET = GroupVersionKind("policy", "v1", "PodDisruptionBudget")
_ALLOWED = "DisruptionAllowed"
_CAUSE = "DisruptionBudget"
_REFUSED = "Cannot evict pod as it would violate the pod's disruption budget."
_UNCONFIRMED_MAX = 2_000
"""So many evictions may wait for the budget's controller to notice them (Kubernetes: the same)."""

_BUSY_S = 10


def budgets_of(call: Call, pod: core.Pod) -> list[Budget]:
    """Return the budgets whose selector sees the pod; one with an empty selector sees every pod of its namespace."""
    kind = _kind(call)
    if kind is None:
        return []
    namespace, labels = call.target.namespace, meta_of(pod).labels or {}
    records = call.state.cache.collection(kind).all()
    found = [cast("Budget", record.decode()) for record in records if record.namespace == namespace]
    return [b for b in found if b.spec and b.spec.selector and from_label_selector(b.spec.selector).matches(labels)]


def _kind(call: Call) -> AnyKind | None:
    return call.state.registry.by_gvk(_BUDGET)


def is_guarded(pod: core.Pod, budget: Budget) -> bool:
    """Whether evicting the pod takes from the budget: an unready pod is not one of the healthy that it counts."""
    if is_ready(pod):
        return True
    if budget.spec is not None and budget.spec.unhealthyPodEvictionPolicy == "AlwaysAllow":
        return False
    status = budget.status or policy.PodDisruptionBudgetStatus()
    wanted = status.desiredHealthy or 0
    return not ((status.currentHealthy or 0) >= wanted > 0)


async def spend(call: Call, budget: Budget, pod: core.Pod, *, is_dry_run: bool) -> None:
    """Take one disruption from the budget and note in it which pod goes.

    Raises:
        StatusError: 429, there is none to take, or the budget's controller is behind; 403, its status is broken.
    """
    kind = _kind(call)
    assert kind is not None
    metadata = meta_of(budget)
    target = Target(kind, metadata.namespace or "", metadata.name or "", "status")
    query = {"dryRun": "All"} if is_dry_run else {}
    pod_name = meta_of(pod).name or ""

    def make(current: ApiObject) -> ApiObject:
        assert isinstance(current, Budget)
        _check(current)
        _take(current, pod_name)
        return current

    await change(replace(call, target=target, verb="update", query=query, _attributes=None), make)


def _check(budget: Budget) -> None:
    metadata, status = meta_of(budget), budget.status or policy.PodDisruptionBudgetStatus()
    name, allowed = metadata.name or "", status.disruptionsAllowed or 0
    if (status.observedGeneration or 0) < (metadata.generation or 0):
        raise _refusal(f"The disruption budget {name} is still being processed by the server.", _BUSY_S)
    if allowed < 0:
        raise forbidden("poddisruptionbudget", name, "pdb disruptions allowed is negative", "policy")
    if len(status.disruptedPods or {}) > _UNCONFIRMED_MAX:
        why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        raise forbidden("poddisruptionbudget", name, why, "policy")
    if allowed == 0:
        wanted, healthy = status.desiredHealthy or 0, status.currentHealthy or 0
        raise _refusal(
            f"The disruption budget {name} needs {wanted} healthy pods and has {healthy} currently", retry_after_s=None
        )


def _refusal(why: str, retry_after_s: int | None) -> StatusError:
    # Without a time, as in Kubernetes, when only a pod's recovery can help: client libraries repeat a request with
    # Retry-After by themselves, and kubectl could not say what it waits for.
    causes = [Cause(_CAUSE, why)]
    return StatusError(429, "TooManyRequests", _REFUSED, causes=causes, retry_after_s=retry_after_s)


def _take(budget: Budget, pod: str) -> None:
    status = budget.status
    assert status is not None
    status.disruptionsAllowed = (status.disruptionsAllowed or 0) - 1
    status.disruptedPods = {**(status.disruptedPods or {}), pod: now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    if status.disruptionsAllowed == 0:
        _say_that_none_is_left(status)


def _say_that_none_is_left(status: policy.PodDisruptionBudgetStatus) -> None:
    conditions = status.conditions or []
    old = next((condition for condition in conditions if condition.type == _ALLOWED), None)
    since = old.lastTransitionTime if old is not None and old.status == "False" else now()
    condition = meta.Condition(
        type=_ALLOWED,
        status="False",
        reason="InsufficientPods",
        message="",
        lastTransitionTime=since,
        observedGeneration=status.observedGeneration,
    )
    status.conditions = [*(c for c in conditions if c.type != _ALLOWED), condition]
