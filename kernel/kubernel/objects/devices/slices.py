"""A slice of a pool: some of the devices that a driver offers, and from where they can be reached."""

from collections.abc import Iterable, Sequence

from kubernel.objects.devices.attributes import attributes_of, has_lists
from kubernel.objects.devices.capacity import canonicalise_amounts
from kubernel.objects.devices.device import counter_errors, default_device, device_errors
from kubernel.objects.devices.names import device_name_errors, full_name_errors, pool_name_errors
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.models import resource
from kubernel.objects.pods.placement.scheduling import node_selector_errors
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import each_once, named
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = ["default_slice", "skip_errors", "slice_errors"]

DEVICES_MAX, ADVANCED_DEVICES_MAX, COUNTER_SETS_MAX = 128, 64, 8
PREPARE, UNPREPARE, EVERYTHING = "NodePrepareResources", "NodeUnprepareResources", "*"
_ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"


def default_slice(spec: resource.ResourceSliceSpec) -> None:
    """Fill in what a driver leaves out."""
    for device in spec.devices or ():
        default_device(device)
    for counters in spec.sharedCounters or ():
        canonicalise_amounts(counters.counters)


def slice_errors(spec: resource.ResourceSliceSpec, path: str) -> Iterable[FieldError]:
    """Check a slice with defaults filled in."""
    yield from driver_name_errors(spec.driver, f"{path}.driver")
    yield from _pool_errors(spec.pool, f"{path}.pool")
    yield from _place_errors(spec, path)
    if spec.sharedCounters is not None and spec.devices is not None:
        yield field_invalid(path, "", "only one of `sharedCounters` or `devices` is allowed")
    yield from each_once(
        spec.devices,
        f"{path}.devices",
        lambda device, where: device_errors(device, where, has_place=bool(spec.perDeviceNodeSelection)),
        lambda device: device.name,
        ADVANCED_DEVICES_MAX if any(map(_is_advanced, spec.devices or ())) else DEVICES_MAX,
    )
    yield from each_once(
        spec.sharedCounters, f"{path}.sharedCounters", _counter_set_errors, lambda found: found.name, COUNTER_SETS_MAX
    )
    if spec.partitionTypeAttribute is not None:
        yield from _partition_errors(spec, spec.partitionTypeAttribute, path)
    yield from skip_errors(spec.skipNodeOperations, f"{path}.skipNodeOperations")


def _is_advanced(device: resource.Device) -> bool:
    return bool(device.taints or device.consumesCounters) or has_lists(attributes_of(device))


def _pool_errors(pool: resource.ResourcePool, path: str) -> Iterable[FieldError]:
    yield from pool_name_errors(pool.name, f"{path}.name")
    if pool.resourceSliceCount <= 0:
        yield field_invalid(f"{path}.resourceSliceCount", pool.resourceSliceCount, "must be greater than zero")
    if pool.generation < 0:
        yield field_invalid(f"{path}.generation", pool.generation, "must be greater than or equal to zero")


def _place_errors(spec: resource.ResourceSliceSpec, path: str) -> Iterable[FieldError]:
    places = []
    if spec.nodeName == "":
        yield field_invalid(f"{path}.nodeName", "", "must be either unset or set to a non-empty string")
    elif spec.nodeName is not None:
        places.append("`nodeName`")
        yield from named(dns_subdomain_errors, spec.nodeName, f"{path}.nodeName")
    if spec.nodeSelector is not None:
        places.append("`nodeSelector`")
        terms, where = spec.nodeSelector.nodeSelectorTerms, f"{path}.nodeSelector"
        yield from node_selector_errors(spec.nodeSelector, where)
        if len(terms) != 1:
            yield field_invalid(f"{where}.nodeSelectorTerms", terms, "must have exactly one node selector term")
    for name in ("allNodes", "perDeviceNodeSelection"):
        if (value := getattr(spec, name)) is False:
            yield field_invalid(f"{path}.{name}", value, "must be either unset or set to true")
        elif value:
            places.append(f"`{name}`")
    if not places:
        yield field_required(path, _ONE_PLACE)
    elif len(places) > 1:
        yield field_invalid(path, f"{{{', '.join(places)}}}", f"{_ONE_PLACE}, but multiple fields are set")


def _counter_set_errors(counters: resource.CounterSet, path: str) -> Iterable[FieldError]:
    yield from device_name_errors(counters.name, f"{path}.name")
    yield from counter_errors(counters.counters, f"{path}.counters")


def _partition_errors(spec: resource.ResourceSliceSpec, name: str, path: str) -> Iterable[FieldError]:
    """Check that every device which consumes counters says as text of which type of partition it is."""
    where, devices = f"{path}.partitionTypeAttribute", spec.devices or []
    malformed = list(full_name_errors(name, where))
    yield from malformed
    if not any(device.consumesCounters for device in devices):
        why = "may only be set on a slice which declares devices that consume counters"
        yield field_invalid(where, name, why)
        return
    if malformed:
        return
    for i, device in enumerate(devices):
        if not device.consumesCounters:
            continue
        attributes, at = attributes_of(device), f"{path}.devices[{i}].attributes[{name}]"
        attribute = attributes.get(name) or attributes.get(name.removeprefix(f"{spec.driver}/"))
        if attribute is None:
            why = "device consumes counters and `partitionTypeAttribute` names this attribute, so it must be set"
            yield field_required(at, why)
        elif attribute.string is None:
            why = "must be a string value because `partitionTypeAttribute` names this attribute"
            yield field_invalid(at, attribute, why)


def skip_errors(operations: Sequence[str] | None, path: str) -> Iterable[FieldError]:
    """Check which operations of the node are left out."""
    yield from each_once(operations, path, _operation_errors, str)
    if PREPARE in (said := operations or ()) and UNPREPARE not in said and EVERYTHING not in said:
        why = "NodePrepareResources cannot be skipped unless NodeUnprepareResources is also skipped"
        yield field_invalid(path, operations, why)


def _operation_errors(operation: str, path: str) -> Iterable[FieldError]:
    if operation not in (supported := (EVERYTHING, PREPARE, UNPREPARE)):
        yield field_not_supported(path, operation, supported)
