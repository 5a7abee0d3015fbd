"""The rules of a Job's status: what its conditions, counts and times may say together, and after what they said before.

Source: Kubernetes' ``pkg/apis/batch/validation`` (``validateJobStatus``, ``ValidateJobStatusUpdate``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_required, field_wrong
from kubernel.objects.jobs.indexes import IndexesError, count_indexes, overlap_of
from kubernel.objects.models import batch
from kubernel.objects.rules.values import at_least_zero

__all__ = ["has_condition", "job_status_errors", "status_update_errors"]

_COUNTS = ("active", "succeeded", "failed", "ready", "terminating")
_EXCLUSIVE = (
    ("Complete", "Failed", "Complete=True and Failed=true"),
    ("Complete", "FailureTarget", "Complete=True and FailureTarget=true"),
    ("SuccessCriteriaMet", "Failed", "SuccessCriteriaMet=True and Failed=true"),
    ("SuccessCriteriaMet", "FailureTarget", "SuccessCriteriaMet=True and FailureTarget=true"),
)
_ANNOUNCED = (("Failed", "FailureTarget"), ("Complete", "SuccessCriteriaMet"))
_LASTING = ("Failed", "Complete", "FailureTarget")


def has_condition(status: batch.JobStatus | None, type: str) -> bool:  # noqa: A002 - the field's name
    """Whether a condition of this type is true."""
    return status is not None and any(c.type == type and c.status == "True" for c in status.conditions or ())


def job_status_errors(spec: batch.JobSpec, status: batch.JobStatus) -> Iterable[FieldError]:
    """Check a status by itself."""
    for name in _COUNTS:
        yield from at_least_zero(getattr(status, name), f"status.{name}")
    yield from _uncounted_errors(status)
    yield from _condition_errors(status)
    yield from _time_errors(status)
    if has_condition(status, "Complete") or has_condition(status, "Failed"):
        yield from _finished_errors(status)
    yield from _index_errors(spec, status)
    if status.ready is not None and status.ready > (status.active or 0):
        yield field_invalid("status.ready", status.ready, "cannot set more ready pods than active")


def _uncounted_errors(status: batch.JobStatus) -> Iterable[FieldError]:
    uncounted = status.uncountedTerminatedPods
    if uncounted is None:
        return
    seen: set[str] = set()
    for name in ("succeeded", "failed"):
        for i, uid in enumerate(getattr(uncounted, name) or ()):
            path = f"status.uncountedTerminatedPods.{name}[{i}]"
            if not uid:
                yield field_invalid(path, uid, "must not be empty")
            elif uid in seen:
                yield field_duplicate(path, uid)
            seen.add(uid)


def _condition_errors(status: batch.JobStatus) -> Iterable[FieldError]:
    path = "status.conditions"
    for one, other, both in _EXCLUSIVE:
        if has_condition(status, one) and has_condition(status, other):
            yield field_wrong(path, f"cannot set {both} conditions")
    for outcome, announcement in _ANNOUNCED:
        if has_condition(status, outcome) and not has_condition(status, announcement):
            why = f"cannot set {outcome}=True condition without the {announcement}=true condition"
            yield field_wrong(path, why)


def _time_errors(status: batch.JobStatus) -> Iterable[FieldError]:
    path, completed = "status.completionTime", status.completionTime
    is_complete = has_condition(status, "Complete")
    if completed is not None and not is_complete:
        yield field_invalid(path, completed, "cannot set completionTime when there is no Complete=True condition")
    if completed is None and is_complete:
        yield field_required(path, "completionTime is required for Complete jobs")
    if completed is not None and status.startTime is not None and completed < status.startTime:
        yield field_invalid(path, completed, "completionTime cannot be set before startTime")


def _finished_errors(status: batch.JobStatus) -> Iterable[FieldError]:
    if status.active:
        yield field_invalid("status.active", status.active, "active>0 is invalid for finished job")
    if status.startTime is None:
        yield field_required("status.startTime", "startTime is required for finished job")
    uncounted = status.uncountedTerminatedPods
    if uncounted is not None and (uncounted.failed or uncounted.succeeded):
        why = "uncountedTerminatedPods needs to be empty for finished job"
        yield field_invalid("status.uncountedTerminatedPods", uncounted, why)
    if status.terminating:
        yield field_invalid("status.terminating", status.terminating, "terminating>0 is invalid for finished job")


def _index_errors(spec: batch.JobSpec, status: batch.JobStatus) -> Iterable[FieldError]:
    completed, failed = status.completedIndexes or "", status.failedIndexes
    if spec.completions is not None:
        yield from _format_errors("completedIndexes", completed, spec.completions)
        if spec.backoffLimitPerIndex is not None and failed is not None:
            yield from _format_errors("failedIndexes", failed, spec.completions)
    if completed and spec.completionMode != "Indexed":
        why = "cannot set non-empty completedIndexes when non-indexed completion mode"
        yield field_invalid("status.completedIndexes", completed, why)
    if failed is None:
        return
    if spec.backoffLimitPerIndex is None:
        why = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
        yield field_invalid("status.failedIndexes", failed, why)
    if spec.completions is not None and (index := overlap_of(completed, failed, spec.completions)) is not None:
        why = f"failedIndexes and completedIndexes overlap at index: {index}"
        yield field_invalid("status.failedIndexes", failed, why)


def _format_errors(name: str, indexes: str, completions: int) -> Iterable[FieldError]:
    try:
        count_indexes(indexes, completions)
    except IndexesError as error:
        yield field_invalid(f"status.{name}", indexes, f"error parsing {name}: {error}")


def status_update_errors(spec: batch.JobSpec, new: batch.JobStatus, old: batch.JobStatus) -> Iterable[FieldError]:
    """Check a status against the one before it: what has ended does not begin again."""
    for name in _LASTING:
        if has_condition(old, name) and not has_condition(new, name):
            yield field_wrong("status.conditions", f"cannot disable the terminal {name}=True condition")
    if (new.failed or 0) < (old.failed or 0):
        yield field_invalid("status.failed", new.failed or 0, "cannot decrease the failed counter")
    if spec.completionMode != "Indexed" and (new.succeeded or 0) < (old.succeeded or 0):
        yield field_invalid("status.succeeded", new.succeeded or 0, "cannot decrease the succeeded counter")
    if None not in (new.completionTime, old.completionTime) and new.completionTime != old.completionTime:
        yield field_invalid("status.completionTime", new.completionTime, "completionTime cannot be mutated")
    if old.startTime is not None and new.startTime != old.startTime and not spec.suspend:
        yield field_required("status.startTime", "startTime cannot be removed for unsuspended job")
    if has_condition(old, "SuccessCriteriaMet") and not has_condition(new, "SuccessCriteriaMet"):
        yield field_wrong("status.conditions", "cannot disable the SuccessCriteriaMet=True condition")
