"""``autoscaling/v1``: an autoscaler as it was when it could follow the CPU only.

What that version cannot say stands in annotations, as JSON of types of its own, so that a client of either version
reads and writes the whole object. Source: Kubernetes' ``pkg/apis/autoscaling/v1/conversion.go``.
"""

from typing import Any

import msgspec

from kubernel.objects.autoscaling.metrics import SOURCES
from kubernel.objects.models import Plain

__all__ = ["older", "stored"]

_PREFIX = "autoscaling.alpha.kubernetes.io/"
METRICS, BEHAVIOR = f"{_PREFIX}metrics", f"{_PREFIX}behavior"
CURRENT_METRICS, CONDITIONS = f"{_PREFIX}current-metrics", f"{_PREFIX}conditions"
_ANNOTATIONS = (METRICS, BEHAVIOR, CURRENT_METRICS, CONDITIONS)

_TARGETS = {
    "external": ("targetValue", "targetAverageValue"),
    "object": ("targetValue", "averageValue"),
    "pods": ("", "targetAverageValue"),
}
_CURRENTS = {
    "external": ("currentValue", "currentAverageValue"),
    "object": ("currentValue", "averageValue"),
    "pods": ("", "currentAverageValue"),
}
"""Where the older types of metrics keep the value and the average of what `SOURCES` names."""


def older(plain: Plain) -> Plain:
    """Return the older form of a stored autoscaler."""
    spec, status = plain.get("spec") or {}, plain.get("status") or {}
    metadata: Plain = plain.get("metadata") or {}
    metrics, current = spec.pop("metrics", None) or [], status.pop("currentMetrics", None) or []
    others = [metric for metric in metrics if _cpu(metric, "target") is None]
    notes = {
        METRICS: [_older_metric(metric) for metric in others],
        CURRENT_METRICS: [_older_status(metric) for metric in current],
        CONDITIONS: status.pop("conditions", None) or [],
        BEHAVIOR: _capitalised(spec.pop("behavior", None)),
    }
    annotations = _without_notes(metadata) | {
        key: msgspec.json.encode(value).decode() for key, value in notes.items() if value
    }
    metadata.pop("annotations", None)
    if annotations:
        metadata["annotations"] = annotations
    for place, name, parts, part in (
        (spec, "targetCPUUtilizationPercentage", metrics, "target"),
        (status, "currentCPUUtilizationPercentage", current, "current"),
    ):
        percent = next((p for metric in parts if (p := _cpu(metric, part)) is not None), None)
        if percent is not None:
            place[name] = percent
    return _as(plain, "v1", metadata, spec, status)


def stored(plain: Plain, _current: Plain | None) -> Plain:
    """Return the stored form of an older autoscaler; its annotations say all that the form needs."""
    spec, status = plain.get("spec") or {}, plain.get("status") or {}
    metadata: Plain = plain.get("metadata") or {}
    notes = {key: _read(metadata, key) for key in _ANNOTATIONS}
    annotations = _without_notes(metadata)
    metadata.pop("annotations", None)
    if annotations:
        metadata["annotations"] = annotations
    metrics = [_newer_metric(metric) for metric in _objects(notes[METRICS])]
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        metrics.append({"type": "Resource", "resource": {"name": "cpu", "target": target}})
    current = [_newer_status(metric) for metric in _objects(notes[CURRENT_METRICS])]
    percent = status.pop("currentCPUUtilizationPercentage", None)
    if percent is not None and not current:
        measured = {"name": "cpu", "current": {"averageUtilization": percent}}
        current = [{"type": "Resource", "resource": measured}]
    behavior = _uncapitalised(notes[BEHAVIOR])
    for place, name, value in (
        (spec, "metrics", metrics),
        (spec, "behavior", behavior),
        (status, "currentMetrics", current),
        (status, "conditions", _objects(notes[CONDITIONS])),
    ):
        if value:
            place[name] = value
    return _as(plain, "v2", metadata, spec, status)


def _as(plain: Plain, version: str, metadata: Plain, spec: Plain, status: Plain) -> Plain:
    named = {"apiVersion": f"autoscaling/{version}", "kind": "HorizontalPodAutoscaler", "metadata": metadata}
    return {**plain, **named, "spec": spec, **({"status": status} if "status" in plain else {})}


def _without_notes(metadata: Plain) -> dict[str, Any]:
    annotations: dict[str, Any] = metadata.get("annotations") or {}
    return {key: value for key, value in annotations.items() if key not in _ANNOTATIONS}


def _read(metadata: Plain, key: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what an annotation holds; one that is not JSON says nothing, as in Kubernetes."""
    text = (metadata.get("annotations") or {}).get(key)
    try:
        return msgspec.json.decode(text) if isinstance(text, str) else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _objects(value: Any) -> list[Plain]:  # noqa: ANN401 - any JSON value
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _part(of: Any, name: str) -> Plain:  # noqa: ANN401 - any JSON value
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, dict) else {}


def _cpu(metric: Plain, part: str) -> Any:  # noqa: ANN401 - a number, or nothing
    """Return the utilisation of the CPU that a metric wants or says, ``None`` for any other metric."""
    resource = _part(metric, "resource")
    if metric.get("type") != "Resource" or resource.get("name") != "cpu":
        return None
    return _part(resource, part).get("averageUtilization")


def _older_metric(metric: Plain) -> Plain:
    return _older_of(metric, "target", _TARGETS)


def _older_status(metric: Plain) -> Plain:
    return _older_of(metric, "current", _CURRENTS)


def _older_of(metric: Plain, part: str, names: dict[str, tuple[str, str]]) -> Plain:
    field = SOURCES.get(str(metric.get("type")), "")
    source, said = _part(metric, field), _part(_part(metric, field), part)
    if field in names:
        value, average = names[field]
        identifier = _part(source, "metric")
        kept = {"metricName": identifier.get("name"), _selector_of(field): identifier.get("selector")}
        described = {"target": source.get("describedObject")} if field == "object" else {}
        result = {**described, **kept, average: said.get("averageValue"), value: said.get("value")}
        # The older type has no pointer here: it always says a value.
        if field == "object" and result[value] is None:
            result[value] = "0"
    else:
        result = {
            "name": source.get("name"),
            "container": source.get("container"),
            f"{part}AverageUtilization": said.get("averageUtilization"),
            f"{part}AverageValue": said.get("averageValue"),
        }
    return {"type": metric.get("type"), field: {k: v for k, v in result.items() if k and v is not None}}


def _selector_of(field: str) -> str:
    return "metricSelector" if field == "external" else "selector"


def _newer_metric(metric: Plain) -> Plain:
    newer = _newer_of(metric, "target", _TARGETS)
    for field in SOURCES.values():
        if field in newer:
            target = newer[field]["target"]
            kinds = {"averageUtilization": "Utilization", "averageValue": "AverageValue", "value": "Value"}
            target["type"] = next((kind for name, kind in kinds.items() if name in target), "Value")
    return newer


def _newer_status(metric: Plain) -> Plain:
    return _newer_of(metric, "current", _CURRENTS)


def _newer_of(metric: Plain, part: str, names: dict[str, tuple[str, str]]) -> Plain:
    field = SOURCES.get(str(metric.get("type")), "")
    source = _part(metric, field)
    if field in names:
        value, average = names[field]
        said = {"value": source.get(value) if value else None, "averageValue": source.get(average)}
        if field == "object" and said["averageValue"] is not None and said["value"] == "0":
            said["value"] = None
        identifier = {"name": source.get("metricName"), "selector": source.get(_selector_of(field))}
        result: Plain = {"metric": _given(identifier)}
        if field == "object":
            result["describedObject"] = _part(source, "target")
    else:
        said = {
            "averageUtilization": source.get(f"{part}AverageUtilization"),
            "averageValue": source.get(f"{part}AverageValue"),
        }
        result = _given({"name": source.get("name"), "container": source.get("container")})
    return {"type": metric.get("type"), field: {**result, part: _given(said)}} if field else dict(metric)


def _given(values: Plain) -> Plain:
    return {name: value for name, value in values.items() if value is not None}


def _capitalised(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return an object with the names of Kubernetes' internal type, which this one annotation holds."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _capitalised(v) for name, v in value.items()}
    return [_capitalised(v) for v in value] if isinstance(value, list) else value


def _uncapitalised(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _uncapitalised(v) for name, v in value.items() if v is not None}
    return [_uncapitalised(v) for v in value] if isinstance(value, list) else value
