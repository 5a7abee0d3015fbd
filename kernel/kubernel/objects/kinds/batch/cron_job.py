"""The kind ``CronJob``: a Job at certain times."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE, UNSET, age
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.jobs.spec import job_spec_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import batch, core
from kubernel.objects.rules.cron import cron_errors, time_zone_errors
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import at_least_zero, one_of
from kubernel.objects.warnings import job_template_warnings
from kubernel.objects.workloads.columns import image_columns, selector_column
from kubernel.objects.workloads.templates import default_template

__all__ = ["CRON_JOB"]

POLICIES = ("Allow", "Forbid", "Replace")
SUCCESSFUL, FAILED = 3, 1
NAME_MAX = 52
"""A Job's name is at most 63 characters, and 11 of them say when it was made."""


def _spec(cron_job: batch.CronJob) -> batch.CronJobSpec:
    return cron_job.spec


def _job(cron_job: batch.CronJob) -> batch.JobSpec:
    return cron_job.spec.jobTemplate.spec or batch.JobSpec(template=core.PodTemplateSpec())


def _name_errors(name: str) -> list[str]:
    too_long = [f"must be no more than {NAME_MAX} characters"] if len(name) > NAME_MAX else []
    return dns_subdomain_errors(name) + too_long


def _default(cron_job: batch.CronJob) -> None:
    spec = _spec(cron_job)
    spec.concurrencyPolicy = spec.concurrencyPolicy or "Allow"
    spec.suspend = bool(spec.suspend)
    if spec.successfulJobsHistoryLimit is None:
        spec.successfulJobsHistoryLimit = SUCCESSFUL
    if spec.failedJobsHistoryLimit is None:
        spec.failedJobsHistoryLimit = FAILED
    if spec.jobTemplate.spec is not None:
        default_template(spec.jobTemplate.spec.template)


def _prepare_create(cron_job: batch.CronJob) -> None:
    cron_job.status = batch.CronJobStatus()


def _validate(cron_job: batch.CronJob) -> Iterable[FieldError]:
    spec, path = _spec(cron_job), "spec"
    yield from _schedule_errors(spec.schedule, f"{path}.schedule")
    yield from at_least_zero(spec.startingDeadlineSeconds, f"{path}.startingDeadlineSeconds")
    if spec.timeZone is not None:
        for why in time_zone_errors(spec.timeZone):
            yield field_invalid(f"{path}.timeZone", spec.timeZone, why)
    yield from one_of(spec.concurrencyPolicy, POLICIES, f"{path}.concurrencyPolicy")
    yield from _template_errors(_job(cron_job), f"{path}.jobTemplate.spec")
    for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from at_least_zero(getattr(spec, name), f"{path}.{name}")


def _schedule_errors(schedule: str, path: str) -> Iterable[FieldError]:
    if not schedule:
        yield field_required(path)
        return
    for why in cron_errors(schedule):
        yield field_invalid(path, schedule, why)
    if "TZ" in schedule:
        why = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        yield field_invalid(path, schedule, why)


def _template_errors(job: batch.JobSpec, path: str) -> Iterable[FieldError]:
    yield from job_spec_errors(job, path)
    if job.selector is not None:
        yield field_invalid(f"{path}.selector", job.selector, "`selector` will be auto-generated")
    if job.manualSelector:
        yield field_not_supported(f"{path}.manualSelector", job.manualSelector, ("nil", "false"))


def _last(cron_job: batch.CronJob, now: datetime) -> str:
    last = cron_job.status.lastScheduleTime if cron_job.status else None
    return NONE if last is None else age(last, now)


def _suspended(cron_job: batch.CronJob, _now: datetime) -> str:
    suspend = _spec(cron_job).suspend
    return UNSET if suspend is None else str(suspend)


CRON_JOB = Kind(
    type=batch.CronJob,
    group="batch",
    version="v1",
    name="CronJob",
    plural="cronjobs",
    singular="cronjob",
    namespaced=True,
    short_names=("cj",),
    categories=("all",),
    name_errors=_name_errors,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    warnings=job_template_warnings,
    columns=(
        NAME,
        Column("Schedule", lambda c, _: _spec(c).schedule, description="When it runs."),
        Column("Timezone", lambda c, _: _spec(c).timeZone or NONE, description="Where its schedule is read."),
        Column("Suspend", _suspended, type="boolean", description="Whether it rests."),
        Column(
            "Active",
            lambda c, _: len((c.status.active if c.status else None) or ()),
            type="integer",
            description="Its Jobs that run.",
        ),
        Column("Last Schedule", _last, description="When it made a Job last."),
        AGE,
        *image_columns(lambda c: _job(c).template),
        selector_column(lambda c: _job(c).selector, "Always none: a Job's selector is generated."),
    ),
    has_status=True,
    spec_changes_generation=True,
)
