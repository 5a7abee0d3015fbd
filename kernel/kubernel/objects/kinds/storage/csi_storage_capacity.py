"""The kind ``CSIStorageCapacity``: how much storage of a class is left for some of the nodes."""

from collections.abc import Iterable

from kubernel.objects.cells import NAME, UNSET
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storage
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import immutable
from kubernel.objects.selectors import label_selector_errors

__all__ = ["CSI_STORAGE_CAPACITY"]


def _default(capacity: storage.CSIStorageCapacity) -> None:
    for name in ("capacity", "maximumVolumeSize"):
        amount = {name: getattr(capacity, name)}
        if amount[name] is not None:
            canonicalise(amount)
            setattr(capacity, name, amount[name])


def _validate(capacity: storage.CSIStorageCapacity) -> Iterable[FieldError]:
    yield from label_selector_errors(capacity.nodeTopology, "nodeTopology")
    for why in dns_subdomain_errors(capacity.storageClassName):
        yield field_invalid("storageClassName", capacity.storageClassName, why)
    if capacity.capacity is not None and parse_quantity(capacity.capacity) < 0:
        yield field_invalid("capacity", capacity.capacity, "must be greater than or equal to 0")


def _validate_update(new: storage.CSIStorageCapacity, old: storage.CSIStorageCapacity) -> Iterable[FieldError]:
    yield from immutable(new.nodeTopology, old.nodeTopology, "nodeTopology")
    yield from immutable(new.storageClassName, old.storageClassName, "storageClassName")


CSI_STORAGE_CAPACITY = Kind(
    type=storage.CSIStorageCapacity,
    group="storage.k8s.io",
    version="v1",
    name="CSIStorageCapacity",
    plural="csistoragecapacities",
    singular="csistoragecapacity",
    namespaced=True,
    default=_default,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("StorageClassName", lambda c, _: c.storageClassName, description="The class of the storage."),
        Column("Capacity", lambda c, _: UNSET if c.capacity is None else c.capacity, description="How much is left."),
    ),
)
