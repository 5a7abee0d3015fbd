"""The rules of a Job's spec, for Jobs and for the templates of CronJobs; and which of it may change.

Source: Kubernetes' ``pkg/apis/batch/validation``, ``pkg/apis/batch/v1/defaults.go``, ``pkg/registry/batch/job``.
"""

from collections.abc import Iterable
from copy import copy

from kubernel.objects.errors import (
    FieldError,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
)
from kubernel.objects.jobs.policies import failure_policy_errors, success_policy_errors
from kubernel.objects.models import batch, core
from kubernel.objects.rules.domains import domain_path_errors
from kubernel.objects.rules.values import at_least_zero
from kubernel.objects.workloads.equality import same
from kubernel.objects.workloads.templates import template_errors

__all__ = ["job_spec_errors", "job_update_errors"]

MODES = ("NonIndexed", "Indexed")
REPLACEMENT = ("Failed", "TerminatingOrFailed")
RESTART = ("OnFailure", "Never")
INDEXED_MAX = 100_000
MANY, MANY_MAX = 100_000, 10_000
"""Above so many indexes, a limit for each index is allowed with so many pods and failures at once."""

MANAGER_MAX = 63
_COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_FIXED = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")


def job_spec_errors(spec: batch.JobSpec, path: str) -> Iterable[FieldError]:
    """Check a Job's spec, but for its selector."""
    for name in _COUNTS:
        yield from at_least_zero(getattr(spec, name), f"{path}.{name}")
    if spec.maxFailedIndexes is not None and spec.backoffLimitPerIndex is None:
        yield field_required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    if spec.managedBy is not None:
        yield from _manager_errors(spec.managedBy, f"{path}.managedBy")
    if spec.completionMode is not None and spec.completionMode not in MODES:
        yield field_not_supported(f"{path}.completionMode", spec.completionMode, MODES)
    if spec.completionMode == "Indexed":
        yield from _indexed_errors(spec, path)
    elif spec.completionMode in {None, "NonIndexed"}:
        for name in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if getattr(spec, name) is not None:
                yield field_invalid(f"{path}.{name}", getattr(spec, name), "requires indexed completion mode")
    yield from failure_policy_errors(spec, f"{path}.podFailurePolicy")
    yield from success_policy_errors(spec, f"{path}.successPolicy")
    if spec.podReplacementPolicy is not None:
        supported = REPLACEMENT if spec.podFailurePolicy is None else REPLACEMENT[:1]
        if spec.podReplacementPolicy not in supported:
            yield field_not_supported(f"{path}.podReplacementPolicy", spec.podReplacementPolicy, supported)
    yield from template_errors(spec.template, f"{path}.template")
    yield from _restart_errors(spec, f"{path}.template.spec.restartPolicy")


def _manager_errors(manager: str, path: str) -> Iterable[FieldError]:
    yield from domain_path_errors(manager, path)
    if len(manager) > MANAGER_MAX:
        yield field_too_long(path, MANAGER_MAX)


def _indexed_errors(spec: batch.JobSpec, path: str) -> Iterable[FieldError]:
    completions, parallelism, failed = spec.completions, spec.parallelism or 0, spec.maxFailedIndexes
    if completions is None:
        yield field_required(f"{path}.completions", "when completion mode is Indexed")
    if parallelism > INDEXED_MAX:
        why = f"must be less than or equal to {INDEXED_MAX} when completion mode is Indexed"
        yield field_invalid(f"{path}.parallelism", parallelism, why)
    if completions is not None and failed is not None and failed > completions:
        yield field_invalid(f"{path}.maxFailedIndexes", failed, "must be less than or equal to completions")
    if failed is not None and failed > INDEXED_MAX:
        yield field_invalid(f"{path}.maxFailedIndexes", failed, f"must be less than or equal to {INDEXED_MAX}")
    if (completions or 0) <= MANY or spec.backoffLimitPerIndex is None:
        return
    if failed is None:
        why = f"must be specified when completions is above {MANY}"
        yield field_required(f"{path}.maxFailedIndexes", why)
    for name, amount in (("parallelism", parallelism), ("maxFailedIndexes", failed or 0)):
        if amount > MANY_MAX:
            why = (
                f"must be less than or equal to {MANY_MAX} when completions are above {MANY} and used with backoff "
                "limit per index"
            )
            yield field_invalid(f"{path}.{name}", amount, why)


def _restart_errors(spec: batch.JobSpec, path: str) -> Iterable[FieldError]:
    policy = spec.template.spec.restartPolicy if spec.template.spec is not None else None
    if policy in {None, "", "Always"}:
        yield field_required(path, 'valid values: "OnFailure", "Never"')
    elif policy not in RESTART:
        yield field_not_supported(path, policy, RESTART)
    elif spec.podFailurePolicy is not None and policy != "Never":
        yield field_invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')


def job_update_errors(new: batch.JobSpec, old: batch.JobSpec, path: str, *, waits: bool) -> Iterable[FieldError]:
    """Check what an update may change of a spec.

    Args:
        new: What is wanted, with defaults filled in.
        old: What is stored.
        path: Where they are.
        waits: Whether the Job is suspended and has no pods, so that its pods may still be made differently.
    """
    if not same(new.completions, old.completions):
        yield from _completion_errors(new, f"{path}.completions")
    if not same(new.selector, old.selector):
        yield field_invalid(f"{path}.selector", new.selector, "field is immutable")
    template = _with_directives(old.template, new.template) if waits else old.template
    if not same(new.template, template):
        yield field_invalid(f"{path}.template", new.template, "field is immutable")
    for name in _FIXED:
        if not same(getattr(new, name), getattr(old, name)):
            yield field_invalid(f"{path}.{name}", getattr(new, name), "field is immutable")


def _completion_errors(new: batch.JobSpec, path: str) -> Iterable[FieldError]:
    if new.completionMode != "Indexed":
        yield field_invalid(path, new.completions, "field is immutable")
    elif new.completions is not None and new.completions != new.parallelism:
        yield field_invalid(path, new.completions, "can only be modified in tandem with spec.parallelism")


def _with_directives(old: core.PodTemplateSpec, new: core.PodTemplateSpec) -> core.PodTemplateSpec:
    """Return the old template with what the new one says of where its pods go and what they may use."""
    if old.spec is None or new.spec is None:
        return old
    template, spec = copy(old), copy(old.spec)
    template.metadata, template.spec = new.metadata, spec
    spec.nodeSelector, spec.tolerations = new.spec.nodeSelector, new.spec.tolerations
    spec.schedulingGates = new.spec.schedulingGates
    spec.affinity = _with_node_affinity(old.spec.affinity, new.spec.affinity)
    return template


def _with_node_affinity(old: core.Affinity | None, new: core.Affinity | None) -> core.Affinity | None:
    wanted = new.nodeAffinity if new is not None else None
    if old is None:
        return None if new is None else core.Affinity(nodeAffinity=wanted)
    kept = copy(old)
    kept.nodeAffinity = wanted
    return None if new is None and kept == core.Affinity() else kept
