"""The kind ``PodTemplate``: a template by itself, for whoever makes pods of it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import NAME, labels_text
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.warnings import pod_template_warnings
from kubernel.objects.workloads.columns import image_columns
from kubernel.objects.workloads.templates import default_template, template_errors

__all__ = ["POD_TEMPLATE"]


def _default(template: core.PodTemplate) -> None:
    default_template(template.template)


def _validate(template: core.PodTemplate) -> Iterable[FieldError]:
    return template_errors(template.template or core.PodTemplateSpec(), "template")


def _labels(template: core.PodTemplate, _now: datetime) -> str:
    metadata = template.template.metadata if template.template else None
    return labels_text(metadata.labels if metadata else None)


POD_TEMPLATE = Kind(
    type=core.PodTemplate,
    group="",
    version="v1",
    name="PodTemplate",
    plural="podtemplates",
    singular="podtemplate",
    namespaced=True,
    default=_default,
    validate=_validate,
    warnings=pod_template_warnings,
    columns=(
        NAME,
        *image_columns(lambda t: t.template, priority=0),
        Column("Pod Labels", _labels, description="The labels for the pod template."),
    ),
    counted_fields=("template",),
)
