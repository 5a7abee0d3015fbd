"""What ``kubectl get hpa`` says of an autoscaler's metrics: now and wanted, of each.

Source: Kubernetes' ``pkg/printers/internalversion`` (``formatHPAMetrics``).
"""

from typing import Any

from kubernel.objects.autoscaling.metrics import SOURCES
from kubernel.objects.cells import NONE, UNKNOWN
from kubernel.objects.models import autoscaling

__all__ = ["shown_targets"]

SHOWN = 2
_BY_NAME = frozenset({"Resource", "ContainerResource"})


def shown_targets(autoscaler: autoscaling.HorizontalPodAutoscaler) -> str:
    """Return ``cpu: 20%/80%, 10/100 + 1 more...``."""
    metrics = autoscaler.spec.metrics or []
    statuses = (autoscaler.status.currentMetrics if autoscaler.status else None) or []
    if not metrics:
        return NONE
    texts = [_shown(metric, statuses[i] if i < len(statuses) else None) for i, metric in enumerate(metrics[:SHOWN])]
    rest = len(metrics) - SHOWN
    return ", ".join(texts) + (f" + {rest} more..." if rest > 0 else "")


def _shown(metric: autoscaling.MetricSpec, status: autoscaling.MetricStatus | None) -> str:
    field = SOURCES.get(metric.type)
    source: Any = getattr(metric, field) if field else None
    if field is None or source is None:
        return "<unknown type>"
    described: Any = getattr(status, field) if status is not None else None
    current = described.current if described is not None else autoscaling.MetricValueStatus()
    target: autoscaling.MetricTarget = source.target
    if metric.type in _BY_NAME:
        return f"{source.name}: {_of_resource(target, current)}"
    if target.averageValue is not None:
        average = "" if metric.type == "Pods" else " (avg)"
        return f"{current.averageValue or UNKNOWN}/{target.averageValue}{average}"
    return f"{current.value or UNKNOWN}/{target.value}"


def _of_resource(target: autoscaling.MetricTarget, current: autoscaling.MetricValueStatus) -> str:
    if target.averageValue is not None:
        return f"{current.averageValue or UNKNOWN}/{target.averageValue}"
    now = UNKNOWN if current.averageUtilization is None else f"{current.averageUtilization}%"
    wanted = "<auto>" if target.averageUtilization is None else f"{target.averageUtilization}%"
    return f"{now}/{wanted}"
