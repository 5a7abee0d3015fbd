"""The kind ``ResourceSlice``: some of the devices that a driver offers."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.devices import default_slice, slice_errors
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import resource
from kubernel.objects.rules.values import immutable

__all__ = ["RESOURCE_SLICE"]


def _validate_update(new: resource.ResourceSlice, old: resource.ResourceSlice) -> Iterable[FieldError]:
    yield from immutable(new.spec.pool.name, old.spec.pool.name, "spec.pool.name")
    yield from immutable(new.spec.driver, old.spec.driver, "spec.driver")
    yield from immutable(new.spec.nodeName, old.spec.nodeName, "spec.nodeName")


def _warnings(new: resource.ResourceSlice, _old: resource.ResourceSlice | None) -> Iterable[str]:
    driver = new.spec.driver
    if driver != driver.lower():
        yield f'spec.driver: driver names should be lowercase; "{driver}" contains uppercase characters'


RESOURCE_SLICE = Kind(
    type=resource.ResourceSlice,
    group="resource.k8s.io",
    version="v1",
    name="ResourceSlice",
    plural="resourceslices",
    singular="resourceslice",
    namespaced=False,
    default=lambda offered: default_slice(offered.spec),
    validate=lambda offered: slice_errors(offered.spec, "spec"),
    validate_update=_validate_update,
    warnings=_warnings,
    columns=(
        NAME,
        Column("Node", lambda s, _: s.spec.nodeName or "", description="The only node that can use the devices."),
        Column("Driver", lambda s, _: s.spec.driver, description="Who offers the devices."),
        Column("Pool", lambda s, _: s.spec.pool.name, description="The pool that the slice is a part of."),
        AGE,
    ),
    selectable={
        "spec.nodeName": lambda s: s.spec.nodeName or "",
        "spec.driver": lambda s: s.spec.driver,
        "spec.pool.name": lambda s: s.spec.pool.name,
    },
    spec_changes_generation=True,
)
