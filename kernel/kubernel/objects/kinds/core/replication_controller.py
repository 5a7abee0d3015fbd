"""The kind ``ReplicationController``: so many pods of one template, always."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME, labels_text
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import core, meta_of
from kubernel.objects.rules.labels import label_errors
from kubernel.objects.rules.values import at_least_zero
from kubernel.objects.selectors import from_map
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.columns import image_columns
from kubernel.objects.workloads.counting import count_errors, whole_errors
from kubernel.objects.workloads.templates import default_template, lasting_errors, template_errors

__all__ = ["REPLICATION_CONTROLLER"]

Controller = core.ReplicationController
_PARTS = ("fullyLabeledReplicas", "readyReplicas", "availableReplicas")
_COUNTS = ("replicas", *_PARTS, "observedGeneration")


def _spec(controller: Controller) -> core.ReplicationControllerSpec:
    if controller.spec is None:
        controller.spec = core.ReplicationControllerSpec()
    return controller.spec


def _status(controller: Controller) -> core.ReplicationControllerStatus:
    return controller.status or core.ReplicationControllerStatus(replicas=0)


def _default(controller: Controller) -> None:
    spec = _spec(controller)
    if spec.replicas is None:
        spec.replicas = 1
    if spec.template is None:
        return
    default_template(spec.template)
    labels = spec.template.metadata.labels if spec.template.metadata else None
    if labels:
        spec.selector = spec.selector or dict(labels)
        metadata = meta_of(controller)
        metadata.labels = metadata.labels or dict(labels)


def _prepare_create(controller: Controller) -> None:
    controller.status = core.ReplicationControllerStatus(replicas=0)


def _validate(controller: Controller) -> Iterable[FieldError]:
    spec = _spec(controller)
    yield from at_least_zero(spec.minReadySeconds, "spec.minReadySeconds")
    if not spec.selector:
        yield field_required("spec.selector")
    yield from label_errors(spec.selector, "spec.selector")
    yield from at_least_zero(spec.replicas, "spec.replicas")
    if spec.template is None:
        yield field_required("spec.template")
    else:
        yield from _template_errors(spec.template, spec.selector, "spec.template")


def _template_errors(
    template: core.PodTemplateSpec, selector: dict[str, str] | None, path: str
) -> Iterable[FieldError]:
    labels = template.metadata.labels if template.metadata else None
    if selector and not from_map(selector).matches(labels):
        yield field_invalid(f"{path}.metadata.labels", labels, "`selector` does not match template `labels`")
    yield from template_errors(template, path)
    yield from lasting_errors(template, path, "ReplicationController")


def _validate_status(new: Controller, _old: Controller) -> Iterable[FieldError]:
    yield from count_errors(new.status, _COUNTS)
    yield from whole_errors(new.status, _PARTS)


def _set_replicas(controller: Controller, replicas: int) -> None:
    _spec(controller).replicas = replicas


REPLICATION_CONTROLLER = Kind(
    type=core.ReplicationController,
    group="",
    version="v1",
    name="ReplicationController",
    plural="replicationcontrollers",
    singular="replicationcontroller",
    namespaced=True,
    short_names=("rc",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    warnings=workload_warnings,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Desired", lambda c, _: _spec(c).replicas or 0, type="integer", description="The pods wanted."),
        Column("Current", lambda c, _: _status(c).replicas, type="integer", description="The pods that exist."),
        Column("Ready", lambda c, _: _status(c).readyReplicas or 0, type="integer", description="The pods ready."),
        AGE,
        *image_columns(lambda c: _spec(c).template),
        Column("Selector", lambda c, _: labels_text(_spec(c).selector), priority=1, description="Which pods it owns."),
    ),
    selectable={"status.replicas": lambda c: str(_status(c).replicas)},
    has_status=True,
    spec_changes_generation=True,
    scale=Scale(
        replicas=lambda c: _spec(c).replicas or 0,
        set_replicas=_set_replicas,
        current=lambda c: _status(c).replicas,
        selector=lambda c: str(from_map(_spec(c).selector)),
    ),
    orphans_by_default=True,
)
