"""The kind ``CSINode``: the storage drivers that run on a node."""

from collections.abc import Iterable

from msgspec.structs import replace

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storage
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import at_least_zero, immutable, repeats
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = ["CSI_NODE"]

NODE_ID_MAX = 256


def _validate(node: storage.CSINode) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, driver in enumerate(node.spec.drivers):
        path = f"spec.drivers[{i}]"
        yield from driver_name_errors(driver.name, f"{path}.name")
        if not driver.nodeID:
            yield field_required(f"{path}.nodeID")
        if len(driver.nodeID) > NODE_ID_MAX:
            yield field_invalid(f"{path}.nodeID", driver.nodeID, f"must be {NODE_ID_MAX} characters or less")
        if driver.allocatable is not None:
            yield from at_least_zero(driver.allocatable.count, f"{path}.allocatable.count")
        if driver.name in seen:
            yield field_duplicate(f"{path}.name", driver.name)
        seen.add(driver.name)
        yield from _key_errors(driver.topologyKeys or [], path)


def _key_errors(keys: list[str], path: str) -> Iterable[FieldError]:
    for _, key, is_repeated in repeats(keys):
        if not key:
            yield field_required(path)
        if is_repeated:
            yield field_duplicate(path, key)
        yield from (field_invalid(path, key, why) for why in label_key_errors(key))


def _validate_update(new: storage.CSINode, old: storage.CSINode) -> Iterable[FieldError]:
    """Let drivers come and go; one that stays changes nothing but how many volumes it can attach."""
    known = {driver.name: driver for driver in old.spec.drivers}
    for driver in new.spec.drivers:
        if (was := known.get(driver.name)) is not None:
            yield from immutable(replace(driver, allocatable=None), replace(was, allocatable=None), "spec.drivers")


CSI_NODE = Kind(
    type=storage.CSINode,
    group="storage.k8s.io",
    version="v1",
    name="CSINode",
    plural="csinodes",
    singular="csinode",
    namespaced=False,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Drivers", lambda n, _: len(n.spec.drivers), type="integer", description="How many drivers run there."),
        AGE,
    ),
    has_status=True,
)
