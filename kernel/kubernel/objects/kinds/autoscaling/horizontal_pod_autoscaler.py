"""The kind ``HorizontalPodAutoscaler``, as it is stored: so many pods as some metrics ask for."""

from collections.abc import Iterable

from kubernel.objects.autoscaling.behavior import behavior_errors, default_behavior
from kubernel.objects.autoscaling.metrics import default_metrics, metric_errors, reference_errors
from kubernel.objects.autoscaling.shown import shown_targets
from kubernel.objects.cells import AGE, NAME, UNSET
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import autoscaling
from kubernel.objects.workloads.counting import count_errors

__all__ = ["HORIZONTAL_POD_AUTOSCALER"]

Autoscaler = autoscaling.HorizontalPodAutoscaler


def _new_status() -> autoscaling.HorizontalPodAutoscalerStatus:
    return autoscaling.HorizontalPodAutoscalerStatus(desiredReplicas=0, currentReplicas=0)


def _default(autoscaler: Autoscaler) -> None:
    spec = autoscaler.spec
    if spec.minReplicas is None:
        spec.minReplicas = 1
    default_metrics(spec)
    default_behavior(spec.behavior)


def _prepare_create(autoscaler: Autoscaler) -> None:
    autoscaler.status = _new_status()


def _validate(autoscaler: Autoscaler) -> Iterable[FieldError]:
    spec = autoscaler.spec
    low = 1 if spec.minReplicas is None else spec.minReplicas
    if low < 1:
        yield field_invalid("spec.minReplicas", low, "must be greater than or equal to 1")
    if spec.maxReplicas < 1:
        yield field_invalid("spec.maxReplicas", spec.maxReplicas, "must be greater than or equal to 1")
    if spec.maxReplicas < low:
        yield field_invalid("spec.maxReplicas", spec.maxReplicas, "must be greater than or equal to `minReplicas`")
    yield from reference_errors(spec.scaleTargetRef, "spec.scaleTargetRef")
    yield from metric_errors(spec, "spec.metrics")
    yield from behavior_errors(spec.behavior, "spec.behavior")


def _validate_status(new: Autoscaler, _old: Autoscaler) -> Iterable[FieldError]:
    return count_errors(new.status, ("currentReplicas", "desiredReplicas"))


def _reference(autoscaler: Autoscaler) -> str:
    reference = autoscaler.spec.scaleTargetRef
    return f"{reference.kind}/{reference.name}"


def _lowest(autoscaler: Autoscaler) -> str:
    low = autoscaler.spec.minReplicas
    return UNSET if low is None else str(low)


HORIZONTAL_POD_AUTOSCALER = Kind(
    type=Autoscaler,
    group="autoscaling",
    version="v2",
    name="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    namespaced=True,
    short_names=("hpa",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Reference", lambda a, _: _reference(a), description="What is scaled."),
        Column("Targets", lambda a, _: shown_targets(a), description="Each metric, now and as it is wanted."),
        Column("MinPods", lambda a, _: _lowest(a), description="The fewest pods."),
        Column("MaxPods", lambda a, _: a.spec.maxReplicas, description="The most pods."),
        Column(
            "Replicas",
            lambda a, _: (a.status.currentReplicas if a.status else 0) or 0,
            description="The pods that there are.",
        ),
        AGE,
    ),
    has_status=True,
)
