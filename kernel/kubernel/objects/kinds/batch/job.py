"""The kind ``Job``: pods that are to end well, so many of them."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, duration
from kubernel.objects.errors import FieldError, StatusError, field_invalid, field_required
from kubernel.objects.jobs.spec import job_spec_errors, job_update_errors
from kubernel.objects.jobs.status import has_condition, job_status_errors, status_update_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import batch, core, meta, meta_of
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.selectors import from_label_selector, label_selector_errors
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.columns import image_columns, selector_column
from kubernel.objects.workloads.selecting import mismatch_errors
from kubernel.objects.workloads.templates import default_template

__all__ = ["JOB"]

BACKOFF, BACKOFF_UNLIMITED = 6, 2**31 - 1
UID_LABEL, NAME_LABEL = "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"
OLD_UID_LABEL, OLD_NAME_LABEL = "controller-uid", "job-name"
_LATER_PHASES = ("Suspended", "FailureTarget", "SuccessCriteriaMet")


def _spec(job: batch.Job) -> batch.JobSpec:
    if job.spec is None:
        job.spec = batch.JobSpec(template=core.PodTemplateSpec())
    return job.spec


def _status(job: batch.Job) -> batch.JobStatus:
    return job.status or batch.JobStatus()


def _default(job: batch.Job) -> None:
    spec = _spec(job)
    if spec.completions is None and spec.parallelism is None:
        spec.completions = 1
    if spec.parallelism is None:
        spec.parallelism = 1
    if spec.backoffLimit is None:
        spec.backoffLimit = BACKOFF if spec.backoffLimitPerIndex is None else BACKOFF_UNLIMITED
    spec.completionMode = spec.completionMode or "NonIndexed"
    spec.suspend = bool(spec.suspend)
    spec.manualSelector = bool(spec.manualSelector)
    if spec.podReplacementPolicy is None:
        spec.podReplacementPolicy = "TerminatingOrFailed" if spec.podFailurePolicy is None else "Failed"
    for rule in (spec.podFailurePolicy.rules if spec.podFailurePolicy else None) or ():
        for pattern in rule.onPodConditions or ():
            pattern.status = pattern.status or "True"
    default_template(spec.template)
    _default_labels(job)


def _default_labels(job: batch.Job) -> None:
    template, metadata = _spec(job).template.metadata, meta_of(job)
    if template is not None and template.labels and not metadata.labels:
        metadata.labels = dict(template.labels)


def _prepare_create(job: batch.Job) -> None:
    spec = _spec(job)
    if not spec.manualSelector:
        _generate_selector(job)
    # The group that places pods together is an alpha feature of Kubernetes 1.37, off unless asked for.
    spec.scheduling = None
    job.status = batch.JobStatus()
    _default_labels(job)


def _generated(job: batch.Job) -> dict[str, str]:
    """Return the labels by which the pods of this one Job are known."""
    uid, name = meta_of(job).uid or "", meta_of(job).name or ""
    return {OLD_UID_LABEL: uid, OLD_NAME_LABEL: name, UID_LABEL: uid, NAME_LABEL: name}


def _generate_selector(job: batch.Job) -> None:
    spec = _spec(job)
    template = spec.template.metadata = spec.template.metadata or meta.ObjectMeta()
    template.labels = {**_generated(job), **(template.labels or {})}
    selector = spec.selector = spec.selector or meta.LabelSelector()
    selector.matchLabels = {UID_LABEL: meta_of(job).uid or "", **(selector.matchLabels or {})}


def _prepare_update(new: batch.Job, old: batch.Job) -> None:
    _spec(new).scheduling = _spec(old).scheduling


def _validate(job: batch.Job) -> Iterable[FieldError]:
    spec = _spec(job)
    if not spec.manualSelector and spec.selector is not None:
        yield from _generated_errors(job, spec.selector)
    yield from job_spec_errors(spec, "spec")
    if spec.selector is None:
        yield field_required("spec.selector")
    yield from label_selector_errors(spec.selector, "spec.selector")
    yield from mismatch_errors(spec.selector, spec.template, "spec", broken=None)
    if spec.completionMode == "Indexed" and (spec.completions or 0) > 0:
        yield from _host_name_errors(meta_of(job).name or "", spec.completions or 0)


def _generated_errors(job: batch.Job, selector: meta.LabelSelector) -> Iterable[FieldError]:
    """Check that nobody gave the labels that are generated a meaning of their own."""
    template, wanted = _spec(job).template.metadata, _generated(job)
    labels = (template.labels if template is not None else None) or {}
    for key, value in wanted.items():
        path, why = f"spec.template.metadata.labels[{key}]", f"must be '{value}'"
        if key not in labels:
            yield field_required(path, why)
        elif labels[key] != value:
            yield field_invalid(path, labels, why)
    try:
        if not from_label_selector(selector).matches(wanted):
            yield field_invalid("spec.selector", selector, "`selector` not auto-generated")
    except StatusError:
        return  # said with the selector's own errors


def _host_name_errors(name: str, completions: int) -> Iterable[FieldError]:
    """Check that the pod with the longest name gets one that can be a host's."""
    longest = f"{name}-{completions - 1}"
    if dns_label_errors(longest):
        why = f"will not able to create pod with invalid DNS label: {longest}"
        yield field_invalid("metadata.name", name, why)


def _validate_update(new: batch.Job, old: batch.Job) -> Iterable[FieldError]:
    was = _status(old)
    has_rest = was.startTime is None or (has_condition(was, "Suspended") and not was.active)
    return job_update_errors(_spec(new), _spec(old), "spec", waits=bool(_spec(old).suspend) and has_rest)


def _validate_status(new: batch.Job, old: batch.Job) -> Iterable[FieldError]:
    yield from job_status_errors(_spec(new), _status(new))
    yield from status_update_errors(_spec(new), _status(new), _status(old))


def _phase(job: batch.Job, _now: datetime) -> str:
    status = _status(job)
    for phase in ("Complete", "Failed"):
        if has_condition(status, phase):
            return phase
    if meta_of(job).deletionTimestamp is not None:
        return "Terminating"
    return next((phase for phase in _LATER_PHASES if has_condition(status, phase)), "Running")


def _completions(job: batch.Job, _now: datetime) -> str:
    spec, succeeded = _spec(job), _status(job).succeeded or 0
    if spec.completions is not None:
        return f"{succeeded}/{spec.completions}"
    return f"{succeeded}/1 of {spec.parallelism}" if (spec.parallelism or 0) > 1 else f"{succeeded}/1"


def _duration(job: batch.Job, now: datetime) -> str:
    started, ended = _status(job).startTime, _status(job).completionTime
    return "" if started is None else duration(((ended or now) - started).total_seconds())


JOB = Kind(
    type=batch.Job,
    group="batch",
    version="v1",
    name="Job",
    plural="jobs",
    singular="job",
    namespaced=True,
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_validate,
    warnings=workload_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Status", _phase, description="Status of the job."),
        Column("Completions", _completions, description="The pods that ended well, of those wanted."),
        Column("Duration", _duration, description="Time required to complete the job."),
        AGE,
        *image_columns(lambda j: _spec(j).template),
        selector_column(lambda j: _spec(j).selector, "Which pods it has."),
    ),
    selectable={"status.successful": lambda j: str(_status(j).succeeded or 0)},
    has_status=True,
    spec_changes_generation=True,
    # Kubernetes: as it was before there was a choice.
    orphans_by_default=True,
)
