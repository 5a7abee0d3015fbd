"""What a claim was given, who uses it, and what the drivers say of the devices."""

from collections.abc import Iterable

from kubernel.objects.devices.claims import (
    CONFIGURATIONS_MAX,
    Requested,
    reference_errors,
    request_name_errors,
    requested,
)
from kubernel.objects.devices.configuration import configuration_errors, raw_errors
from kubernel.objects.devices.names import device_name_errors, pool_name_errors, share_errors
from kubernel.objects.devices.slices import skip_errors
from kubernel.objects.devices.taints import binding_errors, toleration_errors
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_required,
    field_too_long,
    field_too_many,
)
from kubernel.objects.models import meta_of, resource
from kubernel.objects.pods.placement.scheduling import node_selector_errors
from kubernel.objects.rules.addresses import interface_address_errors
from kubernel.objects.rules.conditions import condition_errors
from kubernel.objects.rules.values import each, each_once, immutable, one_of
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = ["claim_status_errors"]

CONSUMERS_MAX, RESULTS_MAX, CONDITIONS_MAX, ADDRESSES_MAX = 256, 32, 8, 16
INTERFACE_MAX, HARDWARE_MAX = 256, 128
SOURCES = ("FromClaim", "FromClass")
_Device = resource.DeviceRequestAllocationResult | resource.AllocatedDeviceStatus


def claim_status_errors(new: resource.ResourceClaim, old: resource.ResourceClaim) -> Iterable[FieldError]:
    """Check a new status of a claim."""
    status, was = new.status or resource.ResourceClaimStatus(), old.status or resource.ResourceClaimStatus()
    given = status.allocation
    yield from each_once(
        status.reservedFor, "status.reservedFor", _consumer_errors, lambda consumer: consumer.uid, CONSUMERS_MAX
    )
    known = {_identity(result) for result in (given.devices.results if given and given.devices else None) or ()}
    yield from each_once(
        status.devices, "status.devices", lambda device, path: _device_errors(device, path, known), _identity
    )
    yield from _reservation_errors(status, was, is_deleted=meta_of(new).deletionTimestamp is not None)
    if given is not None and was.allocation is not None:
        yield from immutable(given, was.allocation, "status.allocation")
    elif given is not None:
        yield from _allocation_errors(given, "status.allocation", requested(new.spec))


def _reservation_errors(
    status: resource.ResourceClaimStatus, was: resource.ResourceClaimStatus, *, is_deleted: bool
) -> Iterable[FieldError]:
    if not status.reservedFor:
        return
    if status.allocation is None:
        yield field_forbidden("status.reservedFor", "may not be specified when `allocated` is not set")
    elif is_deleted and any(consumer not in (was.reservedFor or ()) for consumer in status.reservedFor):
        why = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set"
        yield field_forbidden("status.reservedFor", why)


def _consumer_errors(consumer: resource.ResourceClaimConsumerReference, path: str) -> Iterable[FieldError]:
    for name in ("resource", "name", "uid"):
        if not getattr(consumer, name):
            yield field_required(f"{path}.{name}")


def _identity(device: _Device) -> str:
    share = f"/{device.shareID}" if device.shareID is not None else ""
    return f"{device.driver}/{device.pool}/{device.device}{share}"


def _place_errors(device: _Device, path: str) -> Iterable[FieldError]:
    yield from driver_name_errors(device.driver, f"{path}.driver")
    yield from pool_name_errors(device.pool, f"{path}.pool")
    yield from device_name_errors(device.device, f"{path}.device")
    if device.shareID is not None:
        yield from share_errors(device.shareID, f"{path}.shareID")


def _device_errors(device: resource.AllocatedDeviceStatus, path: str, known: set[str]) -> Iterable[FieldError]:
    yield from _place_errors(device, path)
    if _identity(device) not in known:
        yield field_invalid(path, _identity(device), "must be an allocated device in the claim")
    if len(device.conditions or ()) > CONDITIONS_MAX:
        yield field_too_many(f"{path}.conditions", len(device.conditions or ()), CONDITIONS_MAX)
    yield from condition_errors(device.conditions, f"{path}.conditions")
    if device.data is not None:
        yield from raw_errors(device.data, f"{path}.data")
    network = device.networkData or resource.NetworkDeviceData()
    if len((network.interfaceName or "").encode()) > INTERFACE_MAX:
        yield field_too_long(f"{path}.networkData.interfaceName", INTERFACE_MAX)
    if len((network.hardwareAddress or "").encode()) > HARDWARE_MAX:
        yield field_too_long(f"{path}.networkData.hardwareAddress", HARDWARE_MAX)
    yield from each_once(network.ips, f"{path}.networkData.ips", interface_address_errors, str, ADDRESSES_MAX)


def _allocation_errors(given: resource.AllocationResult, path: str, known: Requested) -> Iterable[FieldError]:
    devices = given.devices or resource.DeviceAllocationResult()
    yield from each(
        devices.results, f"{path}.devices.results", lambda result, at: _result_errors(result, at, known), RESULTS_MAX
    )
    yield from each(
        devices.config,
        f"{path}.devices.config",
        lambda config, at: _config_errors(config, at, known),
        2 * CONFIGURATIONS_MAX,  # the class's and the claim's
    )
    if given.nodeSelector is not None:
        yield from node_selector_errors(given.nodeSelector, f"{path}.nodeSelector")


def _result_errors(result: resource.DeviceRequestAllocationResult, path: str, known: Requested) -> Iterable[FieldError]:
    yield from request_name_errors(result.request, f"{path}.request", known)
    yield from _place_errors(result, path)
    yield from binding_errors(result.bindingConditions, result.bindingFailureConditions, path)
    yield from each(result.tolerations, f"{path}.tolerations", toleration_errors)
    yield from skip_errors(result.skipNodeOperations, f"{path}.skipNodeOperations")


def _config_errors(config: resource.DeviceAllocationConfiguration, path: str, known: Requested) -> Iterable[FieldError]:
    yield from one_of(config.source, SOURCES, f"{path}.source")
    yield from reference_errors(config.requests, f"{path}.requests", known)
    yield from configuration_errors(config.opaque, path)
