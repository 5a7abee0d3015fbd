"""One device of a slice."""

from collections.abc import Iterable, Mapping
from typing import Any

from kubernel.objects.devices.attributes import attribute_errors, attributes_of, count_values
from kubernel.objects.devices.capacity import canonicalise_amounts, capacities_of, capacity_errors, node_resource_errors
from kubernel.objects.devices.names import device_name_errors
from kubernel.objects.devices.taints import binding_errors, default_taint, taint_errors
from kubernel.objects.errors import FieldError, field_invalid, field_required, field_too_many
from kubernel.objects.models import resource
from kubernel.objects.pods.placement.scheduling import node_selector_errors
from kubernel.objects.rules.maps import typed_values
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import each, each_once, named

__all__ = ["counter_errors", "default_device", "device_errors"]

PROPERTIES_MAX, VALUES_MAX, TAINTS_MAX, CONSUMPTIONS_MAX, COUNTERS_MAX = 32, 48, 16, 2, 32
_ONE_PLACE = (
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true "
    "in the ResourceSlice spec"
)


def default_device(device: resource.Device) -> None:
    """Fill in what a driver leaves out."""
    for taint in device.taints or ():
        default_taint(taint)
    for consumption in device.consumesCounters or ():
        canonicalise_amounts(consumption.counters)
    canonicalise_amounts(device.capacity)
    canonicalise_amounts(device.nodeAllocatableResources)


def device_errors(device: resource.Device, path: str, *, has_place: bool) -> Iterable[FieldError]:
    """Check a device; ``has_place`` when each device of the slice says where it is."""
    attributes, capacities = attributes_of(device), capacities_of(device)
    yield from device_name_errors(device.name, f"{path}.name")
    if (count := len(attributes) + len(capacities)) > PROPERTIES_MAX:
        why = f"the total number of attributes and capacities must not exceed {PROPERTIES_MAX}"
        yield field_invalid(path, count, why)
    if (count := count_values(attributes)) > VALUES_MAX:
        yield field_invalid(path, count, f"the total number of attribute values must not exceed {VALUES_MAX}")
    yield from attribute_errors(attributes, f"{path}.attributes")
    yield from capacity_errors(capacities, f"{path}.capacity", is_shared=bool(device.allowMultipleAllocations))
    yield from each(device.taints, f"{path}.taints", taint_errors, TAINTS_MAX)
    yield from each_once(
        device.consumesCounters,
        f"{path}.consumesCounters",
        _consumption_errors,
        lambda consumption: consumption.counterSet,
        CONSUMPTIONS_MAX,
    )
    if has_place:
        yield from _place_errors(device, path)
    elif (device.nodeName, device.nodeSelector, device.allNodes) != (None, None, None):
        why = (
            "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in "
            "the ResourceSlice spec"
        )
        yield field_invalid(path, None, why)
    yield from binding_errors(device.bindingConditions, device.bindingFailureConditions, path)
    yield from node_resource_errors(device, f"{path}.nodeAllocatableResources")


def _place_errors(device: resource.Device, path: str) -> Iterable[FieldError]:
    places = []
    if device.nodeName == "":
        yield field_invalid(f"{path}.nodeName", "", "must not be empty")
    elif device.nodeName is not None:
        places.append("`nodeName`")
        yield from named(dns_subdomain_errors, device.nodeName, f"{path}.nodeName")
    if device.nodeSelector is not None:
        places.append("`nodeSelector`")
        yield from node_selector_errors(device.nodeSelector, f"{path}.nodeSelector")
    if device.allNodes:
        places.append("`allNodes`")
    elif device.allNodes is not None:
        yield field_invalid(f"{path}.allNodes", device.allNodes, "must be either unset or set to true")
    if not places:
        yield field_required(path, _ONE_PLACE)
    elif len(places) > 1:
        yield field_invalid(path, f"{{{', '.join(places)}}}", _ONE_PLACE)


def _consumption_errors(consumption: resource.DeviceCounterConsumption, path: str) -> Iterable[FieldError]:
    yield from device_name_errors(consumption.counterSet, f"{path}.counterSet")
    yield from counter_errors(consumption.counters, f"{path}.counters")


def counter_errors(counters: Mapping[str, Any], path: str) -> Iterable[FieldError]:
    """Check the names of counters; any quantity is right."""
    if not counters:
        yield field_required(path)
    elif len(counters) > COUNTERS_MAX:
        yield field_too_many(path, len(counters), COUNTERS_MAX)
    else:
        for name in typed_values(counters, resource.Counter):
            yield from device_name_errors(name, path)
