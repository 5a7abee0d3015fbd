"""The kind ``ReplicationController``: so many pods of one template, always."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE, container_columns, labels_text
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import core, meta_of
from kubernel.objects.pods.defaults import default_pod_spec
from kubernel.objects.pods.spec import spec_errors
from kubernel.objects.rules.labels import annotation_errors, label_errors
from kubernel.objects.rules.values import at_least_zero
from kubernel.objects.selectors import from_map

__all__ = ["REPLICATION_CONTROLLER"]

Controller = core.ReplicationController


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
    if spec.template.spec is not None:
        default_pod_spec(spec.template.spec)
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
    yield from _status_errors(_status(controller), "status")


def _template_errors(template: core.PodTemplateSpec, selector: dict | None, path: str) -> Iterable[FieldError]:
    labels = (template.metadata.labels if template.metadata else None) or {}
    if selector and not from_map(selector).matches(labels):
        yield field_invalid(f"{path}.metadata.labels", labels, "`selector` does not match template `labels`")
    if template.metadata is not None:
        yield from label_errors(labels, f"{path}.labels")
        yield from annotation_errors(template.metadata.annotations, f"{path}.annotations")
    if template.spec is None:
        yield field_required(f"{path}.spec.containers")
        return
    yield from spec_errors(template.spec, f"{path}.spec")
    if template.spec.restartPolicy != "Always":
        yield field_not_supported(f"{path}.spec.restartPolicy", template.spec.restartPolicy, ("Always",))
    if template.spec.activeDeadlineSeconds is not None:
        deadline = template.spec.activeDeadlineSeconds
        yield field_invalid(f"{path}.spec.activeDeadlineSeconds", deadline, "must not be specified")


def _status_errors(status: core.ReplicationControllerStatus, path: str) -> Iterable[FieldError]:
    for name in ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"):
        yield from at_least_zero(getattr(status, name), f"{path}.{name}")
    for name in ("fullyLabeledReplicas", "readyReplicas", "availableReplicas"):
        if (count := getattr(status, name) or 0) > status.replicas:
            yield field_invalid(f"{path}.{name}", count, "cannot be greater than status.replicas")
    if (status.availableReplicas or 0) > (status.readyReplicas or 0):
        why = "cannot be greater than readyReplicas"
        yield field_invalid(f"{path}.availableReplicas", status.availableReplicas, why)


def _set_replicas(controller: Controller, replicas: int) -> None:
    _spec(controller).replicas = replicas


def _containers(controller: Controller) -> tuple[str, str]:
    template = controller.spec.template if controller.spec else None
    return container_columns(template.spec.containers if template and template.spec else ())


def _names(controller: Controller, _now: datetime) -> str:
    return _containers(controller)[0] or NONE


def _images(controller: Controller, _now: datetime) -> str:
    return _containers(controller)[1] or NONE


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
    columns=(
        NAME,
        Column("Desired", lambda c, _: _spec(c).replicas or 0, type="integer", description="The pods wanted."),
        Column("Current", lambda c, _: _status(c).replicas, type="integer", description="The pods that exist."),
        Column("Ready", lambda c, _: _status(c).readyReplicas or 0, type="integer", description="The pods ready."),
        AGE,
        Column("Containers", _names, priority=1, description="The names of the template's containers."),
        Column("Images", _images, priority=1, description="The images of the template's containers."),
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
