"""How much a device has to give, in which portions it gives it, and what that takes from its node."""

from collections.abc import Iterable, Mapping
from typing import Any

from kubernel.objects.devices.names import qualified_name_errors
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_found,
    field_required,
    field_too_many,
)
from kubernel.objects.models import resource
from kubernel.objects.quantity import QuantityError, add, canonical, parse_quantity
from kubernel.objects.rules.maps import Mistyped, typed_values

__all__ = ["canonicalise_amounts", "capacities_of", "capacity_errors", "node_resource_errors"]

OPTIONS_MAX = 10
_AMOUNTS = frozenset(
    ("value", "default", "min", "max", "step", "capacityMultiplier", "deviceMultiplier", "perPod", "perContainer")
)
_NODE_RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})
Capacities = Mapping[str, resource.DeviceCapacity]


def canonicalise_amounts(plain: Any) -> None:  # noqa: ANN401 - a part of a device that the types leave plain
    """Write the quantities of plain capacities, counters and node resources in canonical form, in place.

    Raises:
        Mistyped: One is none.
    """
    for name, value in plain.items() if isinstance(plain, dict) else ():
        if isinstance(value, dict):
            canonicalise_amounts(value)
        elif name in _AMOUNTS:
            plain[name] = _canonical(value)
        elif name == "validValues" and isinstance(value, list):
            plain[name] = [_canonical(option) for option in value]


def _canonical(value: Any) -> str:  # noqa: ANN401
    try:
        return canonical(value)
    except (QuantityError, TypeError) as error:
        raise Mistyped(str(error)) from error


def capacities_of(device: resource.Device) -> Capacities:
    """Return the capacities, which the generated types leave plain, by name.

    Raises:
        Mistyped: One is no capacity.
    """
    return typed_values(device.capacity, resource.DeviceCapacity)


def capacity_errors(capacities: Capacities, path: str, *, is_shared: bool) -> Iterable[FieldError]:
    """Check all capacities of a device; ``is_shared`` when several claims can be given parts of it."""
    for name, capacity in capacities.items():
        yield from qualified_name_errors(name, path)
        policy, where = capacity.requestPolicy, f"{path}[{name}].requestPolicy"
        if policy is None:
            continue
        if not is_shared:
            yield field_forbidden(where, "allowMultipleAllocations must be true")
        elif policy.validValues and policy.validRange is not None:
            why = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'
            yield field_forbidden(where, why)
        else:
            yield from _policy_errors(policy, capacity.value, where)


def _policy_errors(policy: resource.CapacityRequestPolicy, most: str, path: str) -> Iterable[FieldError]:
    for name in ("validValues", "validRange"):
        if getattr(policy, name) and policy.default is None:
            yield field_required(f"{path}.default", f"required when {name} is defined")
    if policy.default is None:
        return
    if policy.validValues:
        yield from _option_errors(policy.validValues, policy.default, most, f"{path}.validValues")
    if policy.validRange is not None:
        yield from _range_errors(policy.validRange, policy.default, most, f"{path}.validRange")


def _option_errors(options: list[str], default: str, most: str, path: str) -> Iterable[FieldError]:
    amounts = [parse_quantity(option) for option in options]
    for i in range(1, len(options)):
        if amounts[i - 1] > amounts[i]:
            yield field_invalid(f"{path}[{i}]", options[i], "values must be sorted in ascending order")
    if len(options) > OPTIONS_MAX:
        yield field_too_many(path, len(options), OPTIONS_MAX)
    else:
        for i, amount in enumerate(amounts):
            if amount > parse_quantity(most):
                yield field_invalid(f"{path}[{i}]", options[i], f"option is larger than capacity value: {most}")
            if amount in amounts[:i]:
                yield field_duplicate(f"{path}[{i}]", options[i])
    if parse_quantity(default) not in amounts[:OPTIONS_MAX]:
        yield field_invalid(path, default, "default value is not valid according to the requestPolicy")


def _range_errors(
    portions: resource.CapacityRequestPolicyRange, default: str, most: str, path: str
) -> Iterable[FieldError]:
    least, capacity, usual = (parse_quantity(text) for text in (portions.min, most, default))
    if least > capacity:
        yield field_invalid(f"{path}.min", portions.min, f"min is larger than capacity value: {most}")
    if usual < least:
        yield field_invalid(f"{path}.default", default, f"default is less than min: {portions.min}")
    if portions.max is not None:
        greatest = parse_quantity(portions.max)
        if least > greatest:
            yield field_invalid(f"{path}.max", portions.min, f"min is larger than max: {portions.max}")
        if greatest > capacity:
            yield field_invalid(f"{path}.max", portions.max, f"max is larger than capacity value: {most}")
        if usual > greatest:
            yield field_invalid(f"{path}.default", default, f"default is more than max: {portions.max}")
    if portions.step is not None:
        yield from _step_errors(portions, portions.step, default, most, path)


def _step_errors(
    portions: resource.CapacityRequestPolicyRange, step: str, default: str, most: str, path: str
) -> Iterable[FieldError]:
    size, least, where = parse_quantity(step), parse_quantity(portions.min), f"{path}.step"
    if size <= 0:
        yield field_invalid(where, step, "must be greater than zero")
        return
    if least + size > parse_quantity(most):
        yield field_invalid(where, step, f"one step {add(portions.min, step)} is larger than capacity value: {most}")
    for value in filter(None, (default, portions.max)):
        if (parse_quantity(value) - least) % size:
            yield field_invalid(where, value, f"value is not a multiple of a given step ({step}) from ({portions.min})")


def node_resource_errors(device: resource.Device, path: str) -> Iterable[FieldError]:
    """Check what a device takes from its node, by the name of the node's resource."""
    for name, taken in typed_values(device.nodeAllocatableResources, resource.NodeAllocatableResource).items():
        where = f"{path}[{name}]"
        if name not in _NODE_RESOURCES and not name.startswith("hugepages-"):
            yield field_invalid(where, name, "must be a node allocatable resource name")
        if taken.mapping is None and taken.overhead is None:
            yield field_required(where, "at least one of mapping or overhead must be set")
        if taken.mapping is not None:
            yield from _mapping_errors(taken.mapping, device.capacity or {}, f"{where}.mapping")
        if taken.overhead is not None:
            yield from _overhead_errors(taken.overhead, f"{where}.overhead")


def _mapping_errors(
    mapping: resource.NodeAllocatableMapping, capacities: Mapping[str, Any], path: str
) -> Iterable[FieldError]:
    key, factor = mapping.capacityKey, mapping.capacityMultiplier
    if key == "":
        yield field_invalid(f"{path}.capacityKey", "", "capacityKey must not be an empty string")
    elif key is not None and key not in capacities:
        yield field_not_found(f"{path}.capacityKey", key)
    if key is not None and factor is None:
        yield field_required(f"{path}.capacityMultiplier", "capacityMultiplier is required when capacityKey is set")
    if key is None and factor is not None:
        yield field_required(f"{path}.capacityKey", "capacityKey is required when capacityMultiplier is set")
    for name in ("capacityMultiplier", "deviceMultiplier"):
        value = getattr(mapping, name)
        if value is not None and parse_quantity(value) <= 0 and (key is not None or name == "deviceMultiplier"):
            yield field_invalid(f"{path}.{name}", value, "must be positive")


def _overhead_errors(overhead: resource.NodeAllocatableOverhead, path: str) -> Iterable[FieldError]:
    if overhead.perPod is None and overhead.perContainer is None:
        yield field_invalid(path, "", "at least one of perPod or perContainer must be set")
    for name in ("perPod", "perContainer"):
        value = getattr(overhead, name)
        if value is not None and parse_quantity(value) < 0:
            yield field_invalid(f"{path}.{name}", value, "must be non-negative")
