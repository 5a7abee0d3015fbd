"""The kind ``Deployment``: so many pods of one template, changed from one version to the next step by step."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
)
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import apps
from kubernel.objects.rules.values import at_least_zero, immutable
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.amounts import amount_errors, amount_of, at_most_all
from kubernel.objects.workloads.columns import image_columns, selector_column
from kubernel.objects.workloads.counting import collision_errors, count_errors, whole_errors
from kubernel.objects.workloads.selecting import mismatch_errors, required_selector_errors, selector_text
from kubernel.objects.workloads.showing import ShownStrategy
from kubernel.objects.workloads.templates import default_template, lasting_errors, template_errors

__all__ = ["DEPLOYMENT"]

STRATEGIES = ("Recreate", "RollingUpdate")
STEP = "25%"
HISTORY = 10
PROGRESS_S = 600
_PARTS = ("updatedReplicas", "readyReplicas", "availableReplicas")
_COUNTS = (
    "observedGeneration",
    "replicas",
    *_PARTS,
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
)


def _status(deployment: apps.Deployment) -> apps.DeploymentStatus:
    return deployment.status or apps.DeploymentStatus()


def _default(deployment: apps.Deployment) -> None:
    spec = deployment.spec
    if spec.replicas is None:
        spec.replicas = 1
    if spec.revisionHistoryLimit is None:
        spec.revisionHistoryLimit = HISTORY
    if spec.progressDeadlineSeconds is None:
        spec.progressDeadlineSeconds = PROGRESS_S
    _default_strategy(spec)
    default_template(spec.template)


def _default_strategy(spec: apps.DeploymentSpec) -> None:
    strategy = spec.strategy = spec.strategy or apps.DeploymentStrategy()
    strategy.type = strategy.type or "RollingUpdate"
    if strategy.type == "RollingUpdate":
        rolling = strategy.rollingUpdate = strategy.rollingUpdate or apps.RollingUpdateDeployment()
        rolling.maxUnavailable = STEP if rolling.maxUnavailable is None else rolling.maxUnavailable
        rolling.maxSurge = STEP if rolling.maxSurge is None else rolling.maxSurge


def _prepare_create(deployment: apps.Deployment) -> None:
    deployment.status = apps.DeploymentStatus()


def _validate(deployment: apps.Deployment) -> Iterable[FieldError]:
    spec, path = deployment.spec, "spec"
    yield from at_least_zero(spec.replicas, f"{path}.replicas")
    yield from required_selector_errors(spec.selector, f"{path}.selector", "deployment")
    yield from mismatch_errors(spec.selector, spec.template, path, broken="invalid label selector")
    yield from template_errors(spec.template, f"{path}.template")
    yield from lasting_errors(spec.template, f"{path}.template", "ReplicaSet")
    yield from _strategy_errors(spec.strategy or apps.DeploymentStrategy(), f"{path}.strategy")
    yield from at_least_zero(spec.minReadySeconds, f"{path}.minReadySeconds")
    yield from at_least_zero(spec.revisionHistoryLimit, f"{path}.revisionHistoryLimit")
    yield from _deadline_errors(spec, f"{path}.progressDeadlineSeconds")


def _strategy_errors(strategy: apps.DeploymentStrategy, path: str) -> Iterable[FieldError]:
    rolling = strategy.rollingUpdate
    if strategy.type not in STRATEGIES:
        yield field_not_supported(path, ShownStrategy(strategy.type, rolling), STRATEGIES)
    elif strategy.type == "Recreate" and rolling is not None:
        why = "may not be specified when strategy `type` is 'Recreate'"
        yield field_forbidden(f"{path}.rollingUpdate", why)
    elif rolling is not None:
        where = f"{path}.rollingUpdate"
        yield from amount_errors(rolling.maxUnavailable, f"{where}.maxUnavailable")
        yield from amount_errors(rolling.maxSurge, f"{where}.maxSurge")
        if amount_of(rolling.maxUnavailable) == 0 and amount_of(rolling.maxSurge) == 0:
            why = "may not be 0 when `maxSurge` is 0"
            yield field_invalid(f"{where}.maxUnavailable", rolling.maxUnavailable, why)
        yield from at_most_all(rolling.maxUnavailable, f"{where}.maxUnavailable")


def _deadline_errors(spec: apps.DeploymentSpec, path: str) -> Iterable[FieldError]:
    deadline = spec.progressDeadlineSeconds
    yield from at_least_zero(deadline, path)
    if deadline is not None and deadline <= (spec.minReadySeconds or 0):
        yield field_invalid(path, deadline, "must be greater than minReadySeconds")


def _validate_update(new: apps.Deployment, old: apps.Deployment) -> Iterable[FieldError]:
    return immutable(new.spec.selector, old.spec.selector, "spec.selector")


def _validate_status(new: apps.Deployment, old: apps.Deployment) -> Iterable[FieldError]:
    yield from count_errors(new.status, _COUNTS)
    yield from whole_errors(new.status, _PARTS)
    yield from collision_errors(new.status, old.status)


def _set_replicas(deployment: apps.Deployment, replicas: int) -> None:
    deployment.spec.replicas = replicas


DEPLOYMENT = Kind(
    type=apps.Deployment,
    group="apps",
    version="v1",
    name="Deployment",
    plural="deployments",
    singular="deployment",
    namespaced=True,
    short_names=("deploy",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    warnings=workload_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column(
            "Ready",
            lambda d, _: f"{_status(d).readyReplicas or 0}/{d.spec.replicas or 0}",
            description="Number of the pod with ready state",
        ),
        Column("Up-to-date", lambda d, _: _status(d).updatedReplicas or 0, description="The pods of this template."),
        Column("Available", lambda d, _: _status(d).availableReplicas or 0, description="The pods available."),
        AGE,
        *image_columns(lambda d: d.spec.template),
        selector_column(lambda d: d.spec.selector, "Which pods it has."),
    ),
    has_status=True,
    counted_fields=("spec", "metadata.annotations"),
    scale=Scale(
        replicas=lambda d: d.spec.replicas or 0,
        set_replicas=_set_replicas,
        current=lambda d: _status(d).replicas or 0,
        selector=lambda d: selector_text(d.spec.selector),
    ),
)
