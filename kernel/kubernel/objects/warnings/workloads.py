"""What is doubtful in what makes pods."""

from collections.abc import Iterable
from typing import Any

from kubernel.objects.models import ApiObject, batch, core, meta_of
from kubernel.objects.warnings.pods import name_warnings, spec_warnings

__all__ = ["job_template_warnings", "pod_template_warnings", "workload_warnings"]

_PODS = "Pod names and hostnames"


def workload_warnings(new: ApiObject, old: ApiObject | None) -> Iterable[str]:
    """Warn of a kind whose pods are made from ``spec.template``; what did not change has been warned of."""
    return _warnings(new, old, _template_of(new), _template_of(old), "spec.template")


def pod_template_warnings(new: core.PodTemplate, old: core.PodTemplate | None) -> Iterable[str]:
    """Warn of a PodTemplate."""
    return _warnings(None, None, new.template, old.template if old is not None else None, "template")


def job_template_warnings(new: batch.CronJob, old: batch.CronJob | None) -> Iterable[str]:
    """Warn of a CronJob."""
    return _warnings(new, old, _job_template_of(new), _job_template_of(old), "spec.jobTemplate.spec.template")


def _warnings(
    named: ApiObject | None,
    old: ApiObject | None,
    template: core.PodTemplateSpec | None,
    was: core.PodTemplateSpec | None,
    path: str,
) -> Iterable[str]:
    if named is not None and old is None:
        yield from name_warnings(meta_of(named).name or "", _PODS)
    if template is not None and template.spec is not None and template != was:
        yield from spec_warnings(template.spec, template.metadata, f"{path}.", is_template=True)


def _template_of(workload: Any) -> core.PodTemplateSpec | None:  # noqa: ANN401 - any kind with a template
    template: core.PodTemplateSpec | None = workload.spec.template if workload is not None and workload.spec else None
    return template


def _job_template_of(job: batch.CronJob | None) -> core.PodTemplateSpec | None:
    spec = job.spec.jobTemplate.spec if job is not None and job.spec is not None else None
    return spec.template if spec is not None else None
