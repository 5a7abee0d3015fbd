"""The kind ``DeviceClass``: a sort of device that claims can ask for."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.devices import configuration_errors, selector_errors, selectors
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Kind
from kubernel.objects.models import resource
from kubernel.objects.rules.resource_names import is_extended
from kubernel.objects.rules.values import each

__all__ = ["DEVICE_CLASS"]

CONFIGURATIONS_MAX = 32


def _spec(cls: resource.DeviceClass) -> resource.DeviceClassSpec:
    return cls.spec or resource.DeviceClassSpec()


def _validate(cls: resource.DeviceClass) -> Iterable[FieldError]:
    spec = _spec(cls)
    yield from selector_errors(spec.selectors, "spec.selectors", selectors())
    yield from each(
        spec.config, "spec.config", lambda config, path: configuration_errors(config.opaque, path), CONFIGURATIONS_MAX
    )
    if spec.extendedResourceName is not None and not is_extended(spec.extendedResourceName):
        why = "must be a valid extended resource name"
        yield field_invalid("spec.extendedResourceName", spec.extendedResourceName, why)


DEVICE_CLASS = Kind(
    type=resource.DeviceClass,
    group="resource.k8s.io",
    version="v1",
    name="DeviceClass",
    plural="deviceclasses",
    singular="deviceclass",
    namespaced=False,
    validate=_validate,
    columns=(NAME, AGE),
    spec_changes_generation=True,
)
