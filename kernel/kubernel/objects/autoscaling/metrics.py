"""The metrics that an autoscaler follows, in ``autoscaling/v2`` form.

Source: Kubernetes' ``pkg/apis/autoscaling/validation`` (``validateMetrics``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import autoscaling
from kubernel.objects.quantity import QuantityError, canonical, parse_quantity
from kubernel.objects.rules.maps import Mistyped
from kubernel.objects.rules.names import dns_label_errors, path_segment_errors
from kubernel.objects.rules.values import required_name

__all__ = ["SOURCES", "default_metrics", "metric_errors", "reference_errors"]

SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
"""Every type of metric, sorted, with the field that says more about it."""

CPU_PERCENT = 80
_CHECKED = ("object", "external", "pods", "resource", "containerResource")
_TARGETS = ("Utilization", "Value", "AverageValue")


def default_metrics(spec: autoscaling.HorizontalPodAutoscalerSpec) -> None:
    """Follow the CPU where nothing is said, and write quantities in canonical form.

    Raises:
        Mistyped: Something is not a quantity.
    """
    if not spec.metrics:
        target = autoscaling.MetricTarget(type="Utilization", averageUtilization=CPU_PERCENT)
        source = autoscaling.ResourceMetricSource(name="cpu", target=target)
        spec.metrics = [autoscaling.MetricSpec(type="Resource", resource=source)]
    for metric in spec.metrics:
        for name in _CHECKED:
            if (described := getattr(metric, name)) is not None:
                _canonicalise(described.target)


def _canonicalise(target: autoscaling.MetricTarget) -> None:
    for name in ("value", "averageValue"):
        if (value := getattr(target, name)) is not None:
            try:
                setattr(target, name, canonical(value))
            except (QuantityError, TypeError) as error:
                raise Mistyped(str(error)) from error


def reference_errors(reference: autoscaling.CrossVersionObjectReference, path: str) -> Iterable[FieldError]:
    """Check a reference to what is scaled or measured."""
    yield from required_name(path_segment_errors, reference.kind, f"{path}.kind")
    yield from required_name(path_segment_errors, reference.name, f"{path}.name")


def metric_errors(spec: autoscaling.HorizontalPodAutoscalerSpec, path: str) -> Iterable[FieldError]:
    """Check all metrics of an autoscaler, with defaults filled in."""
    metrics = spec.metrics or []
    for i, metric in enumerate(metrics):
        yield from _one(metric, f"{path}[{i}]")
    if spec.minReplicas == 0 and not any(metric.type in {"Object", "External"} for metric in metrics):
        why = "must specify at least one Object or External metric to support scaling to zero replicas"
        yield field_forbidden(path, why)


def _one(metric: autoscaling.MetricSpec, path: str) -> Iterable[FieldError]:
    if not metric.type:
        yield field_required(f"{path}.type", "must specify a metric source type")
    if metric.type not in SOURCES:
        yield field_not_supported(f"{path}.type", metric.type, tuple(SOURCES))
    present = [name for name in _CHECKED if getattr(metric, name) is not None]
    if present:
        yield from _CHECKS[present[0]](getattr(metric, present[0]), f"{path}.{present[0]}")
    expected = SOURCES.get(metric.type, "")
    if expected and expected not in present:
        yield field_required(f"{path}.{expected}", "must populate information for the given metric source")
    if len(present) > 1:
        for name in present:
            if name != expected:
                yield field_forbidden(f"{path}.{name}", "must populate the given metric source only")


def _object(source: autoscaling.ObjectMetricSource, path: str) -> Iterable[FieldError]:
    yield from reference_errors(source.describedObject, f"{path}.describedObject")
    yield from _measured(source, path)
    if source.target.value is None and source.target.averageValue is None:
        yield field_required(f"{path}.target.averageValue", "must set either a target value or averageValue")


def _external(source: autoscaling.ExternalMetricSource, path: str) -> Iterable[FieldError]:
    yield from _measured(source, path)
    target = source.target
    if target.value is None and target.averageValue is None:
        why = "must set either a target value for metric or a per-pod target"
        yield field_required(f"{path}.target.averageValue", why)
    if target.value is not None and target.averageValue is not None:
        why = "may not set both a target value for metric and a per-pod target"
        yield field_forbidden(f"{path}.target.value", why)


def _pods(source: autoscaling.PodsMetricSource, path: str) -> Iterable[FieldError]:
    yield from _measured(source, path)
    if source.target.averageValue is None:
        yield field_required(f"{path}.target.averageValue", "must specify a positive target averageValue")


def _measured(source: Any, path: str) -> Iterable[FieldError]:  # noqa: ANN401 - three models share these fields
    if not source.metric.name:
        yield field_required(f"{path}.metric.name", "must specify a metric name")
    for why in path_segment_errors(source.metric.name):
        yield field_invalid(f"{path}.metric.name", source.metric.name, why)
    yield from _target_errors(source.target, f"{path}.target")


def _container(source: autoscaling.ContainerResourceMetricSource, path: str) -> Iterable[FieldError]:
    if not source.container:
        yield field_required(f"{path}.container", "must specify a container")
    else:
        yield from required_name(dns_label_errors, source.container, f"{path}.container")
    yield from _resource(source, path)


def _resource(
    source: autoscaling.ResourceMetricSource | autoscaling.ContainerResourceMetricSource, path: str
) -> Iterable[FieldError]:
    if not source.name:
        yield field_required(f"{path}.name", "must specify a resource name")
    target = source.target
    yield from _target_errors(target, f"{path}.target")
    if target.averageUtilization is None and target.averageValue is None:
        why = "must set either a target raw value or a target utilization"
        yield field_required(f"{path}.target.averageUtilization", why)
    if target.averageUtilization is not None and target.averageValue is not None:
        why = "may not set both a target raw value and a target utilization"
        yield field_forbidden(f"{path}.target.averageValue", why)


def _target_errors(target: autoscaling.MetricTarget, path: str) -> Iterable[FieldError]:
    if not target.type:
        yield field_required(f"{path}.type", "must specify a metric target type")
    if target.type not in _TARGETS:
        why = "must be either Utilization, Value, or AverageValue"
        yield field_invalid(f"{path}.type", target.type, why)
    for name in ("value", "averageValue"):
        if (value := getattr(target, name)) is not None and parse_quantity(value) <= 0:
            yield field_invalid(f"{path}.{name}", value, "must be positive")
    if target.averageUtilization is not None and target.averageUtilization < 1:
        yield field_invalid(f"{path}.averageUtilization", target.averageUtilization, "must be greater than 0")


_CHECKS: dict[str, Callable[[Any, str], Iterable[FieldError]]] = {
    "containerResource": _container,
    "external": _external,
    "object": _object,
    "pods": _pods,
    "resource": _resource,
}
