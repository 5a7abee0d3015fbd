"""The kind ``LimitRange``: how much a pod, container or claim of a namespace may ask for, and what it gets unasked."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from kubernel.objects.cells import CREATED_AT, NAME
from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid, field_required
from kubernel.objects.kind import Kind
from kubernel.objects.models import core
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.resource_names import (
    container_resource_name_errors,
    may_overcommit,
    resource_name_errors,
)

__all__ = ["LIMIT_RANGE"]

POD, CONTAINER, CLAIM = "Pod", "Container", "PersistentVolumeClaim"
_TYPES = (POD, CONTAINER, CLAIM)
_BOUNDS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_NAMES = {"min": "min", "max": "max", "default": "default", "defaultRequest": "default request"}
_MUST_NOT_EXCEED = (
    # (the smaller, the greater and its name, whose field is wrong, whose value is shown)
    ("min", "max", "max", "min", "min"),
    ("min", "defaultRequest", "default request", "defaultRequest", "defaultRequest"),
    ("defaultRequest", "max", "max", "defaultRequest", "defaultRequest"),
    ("defaultRequest", "default", "default limit", "defaultRequest", "defaultRequest"),
    ("min", "default", "default", "default", "min"),
    ("default", "max", "max", "default", "max"),
)
Amounts = dict[str, Any]


def _amounts(limit: core.LimitRangeItem, name: str) -> Amounts:
    found: Amounts | None = getattr(limit, name)
    return found or {}


def _default(limits: core.LimitRange) -> None:
    for limit in (limits.spec.limits if limits.spec else None) or ():
        for name in _BOUNDS:
            canonicalise(getattr(limit, name))
        if limit.type == CONTAINER:
            limit.default = {**_amounts(limit, "max"), **_amounts(limit, "default")}
            limit.defaultRequest = {**_amounts(limit, "min"), **limit.default, **_amounts(limit, "defaultRequest")}
            limit.default, limit.defaultRequest = limit.default or None, limit.defaultRequest or None


def _validate(limits: core.LimitRange) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, limit in enumerate((limits.spec.limits if limits.spec else None) or ()):
        path = f"spec.limits[{i}]"
        yield from _type_errors(limit.type, f"{path}.type")
        if limit.type in seen:
            yield field_duplicate(f"{path}.type", limit.type)
        seen.add(limit.type)
        yield from _item_errors(limit, path)


def _type_errors(name: str, path: str) -> Iterable[FieldError]:
    whys = label_key_errors(name)
    yield from (field_invalid(path, name, why) for why in whys)
    if not whys and "/" not in name and name not in _TYPES:
        yield field_invalid(path, name, "must be a standard limit type or fully qualified")


def _item_errors(limit: core.LimitRangeItem, path: str) -> Iterable[FieldError]:
    check = container_resource_name_errors if limit.type in {POD, CONTAINER} else resource_name_errors
    names: dict[str, None] = {}
    for bound in _BOUNDS:
        amounts = _amounts(limit, bound)
        if limit.type == POD and bound in {"default", "defaultRequest"}:
            if amounts:
                yield field_forbidden(f"{path}.{bound}", "may not be specified when `type` is 'Pod'")
            continue
        for name in amounts:
            yield from check(name, f"{path}.{bound}[{name}]")
        names |= dict.fromkeys(amounts)
    if limit.type == CLAIM and not ({"storage"} & (_amounts(limit, "min").keys() | _amounts(limit, "max").keys())):
        why = "either minimum or maximum storage value is required, but neither was provided"
        yield field_required(f"{path}.limits", why)
    for name in names:
        yield from _amount_errors(limit, name, path)


def _amount_errors(limit: core.LimitRangeItem, name: str, path: str) -> Iterable[FieldError]:
    """Check the bounds of one resource against each other."""
    bounds = _BOUNDS if limit.type != POD else ("max", "min", "maxLimitRequestRatio")
    text = {bound: value for bound in bounds if (value := _amounts(limit, bound).get(name)) is not None}
    number = {bound: parse_quantity(value) for bound, value in text.items()}
    for small, great, called, where, shown in _MUST_NOT_EXCEED:
        if small in number and great in number and number[small] > number[great]:
            why = f"{_NAMES[small]} value {text[small]} is greater than {called} value {text[great]}"
            yield field_invalid(f"{path}.{where}[{name}]", text[shown], why)
    if "maxLimitRequestRatio" in number:
        where = f"{path}.maxLimitRequestRatio[{name}]"
        yield from _ratio_errors(number, text["maxLimitRequestRatio"], where)
    default, request = number.get("default"), number.get("defaultRequest")
    if default is not None and request is not None and default != request and not may_overcommit(name):
        why = f"default value {text['default']} must equal to defaultRequest value {text['defaultRequest']} in {name}"
        yield field_invalid(f"{path}.defaultRequest[{name}]", text["defaultRequest"], why)


def _ratio_errors(number: dict[str, Fraction], shown: str, path: str) -> Iterable[FieldError]:
    ratio, least, most = number["maxLimitRequestRatio"], number.get("min"), number.get("max")
    if ratio < 1:
        yield field_invalid(path, shown, f"ratio {shown} is less than 1")
    if least and most is not None and ratio > most / least:
        yield field_invalid(path, shown, f"ratio {shown} is greater than max/min = {float(most / least):f}")


LIMIT_RANGE = Kind(
    type=core.LimitRange,
    group="",
    version="v1",
    name="LimitRange",
    plural="limitranges",
    singular="limitrange",
    namespaced=True,
    short_names=("limits",),
    default=_default,
    validate=_validate,
    columns=(NAME, CREATED_AT),
)
