"""The kind ``ReplicaSet``: so many pods of one template; a Deployment makes one for every version."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import apps, core
from kubernel.objects.rules.values import at_least_zero, immutable
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.columns import image_columns, selector_column
from kubernel.objects.workloads.counting import count_errors, whole_errors
from kubernel.objects.workloads.selecting import mismatch_errors, required_selector_errors, selector_text
from kubernel.objects.workloads.templates import default_template, lasting_errors, template_errors

__all__ = ["REPLICA_SET"]

_PARTS = ("fullyLabeledReplicas", "readyReplicas", "availableReplicas")
_COUNTS = ("replicas", *_PARTS, "observedGeneration", "terminatingReplicas")


def _spec(replica_set: apps.ReplicaSet) -> apps.ReplicaSetSpec:
    return replica_set.spec


def _status(replica_set: apps.ReplicaSet) -> apps.ReplicaSetStatus:
    return replica_set.status or apps.ReplicaSetStatus(replicas=0)


def _default(replica_set: apps.ReplicaSet) -> None:
    spec = _spec(replica_set)
    if spec.replicas is None:
        spec.replicas = 1
    default_template(spec.template)


def _prepare_create(replica_set: apps.ReplicaSet) -> None:
    replica_set.status = apps.ReplicaSetStatus(replicas=0)


def _validate(replica_set: apps.ReplicaSet) -> Iterable[FieldError]:
    spec = _spec(replica_set)
    yield from at_least_zero(spec.replicas, "spec.replicas")
    yield from at_least_zero(spec.minReadySeconds, "spec.minReadySeconds")
    # Kubernetes says "deployment" here too.
    yield from required_selector_errors(spec.selector, "spec.selector", "deployment")
    template = spec.template or core.PodTemplateSpec()
    yield from mismatch_errors(spec.selector, template, "spec", broken="invalid label selector")
    yield from template_errors(template, "spec.template")
    yield from lasting_errors(template, "spec.template", "ReplicaSet")


def _validate_update(new: apps.ReplicaSet, old: apps.ReplicaSet) -> Iterable[FieldError]:
    return immutable(new.spec.selector, old.spec.selector, "spec.selector")


def _validate_status(new: apps.ReplicaSet, _old: apps.ReplicaSet) -> Iterable[FieldError]:
    yield from count_errors(new.status, _COUNTS)
    yield from whole_errors(new.status, _PARTS)


def _set_replicas(replica_set: apps.ReplicaSet, replicas: int) -> None:
    _spec(replica_set).replicas = replicas


REPLICA_SET = Kind(
    type=apps.ReplicaSet,
    group="apps",
    version="v1",
    name="ReplicaSet",
    plural="replicasets",
    singular="replicaset",
    namespaced=True,
    short_names=("rs",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    warnings=workload_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Desired", lambda r, _: _spec(r).replicas or 0, type="integer", description="The pods wanted."),
        Column("Current", lambda r, _: _status(r).replicas, type="integer", description="The pods that exist."),
        Column("Ready", lambda r, _: _status(r).readyReplicas or 0, type="integer", description="The pods ready."),
        AGE,
        *image_columns(lambda r: r.spec.template),
        selector_column(lambda r: r.spec.selector, "Which pods it has."),
    ),
    selectable={"status.replicas": lambda r: str(_status(r).replicas)},
    has_status=True,
    spec_changes_generation=True,
    scale=Scale(
        replicas=lambda r: _spec(r).replicas or 0,
        set_replicas=_set_replicas,
        current=lambda r: _status(r).replicas,
        selector=lambda r: selector_text(_spec(r).selector),
    ),
)
