"""The kind ``VolumeAttributesClass``: attributes of a volume that can be changed while it is used."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE
from kubernel.objects.errors import FieldError, field_forbidden
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storage
from kubernel.objects.volumes.columns import default_name
from kubernel.objects.volumes.drivers import parameter_errors, provisioner_errors

__all__ = ["VOLUME_ATTRIBUTES_CLASS"]

DEFAULT = "volumeattributesclass.alpha.kubernetes.io/is-default-class"


def _validate(cls: storage.VolumeAttributesClass) -> Iterable[FieldError]:
    yield from provisioner_errors(cls.driverName, "driverName")
    yield from parameter_errors(cls.parameters, "parameters", may_be_empty=False)


def _validate_update(new: storage.VolumeAttributesClass, old: storage.VolumeAttributesClass) -> Iterable[FieldError]:
    for name in ("driverName", "parameters"):
        if getattr(new, name) != getattr(old, name):
            yield field_forbidden(name, f"updates to {name} are forbidden.")


VOLUME_ATTRIBUTES_CLASS = Kind(
    type=storage.VolumeAttributesClass,
    group="storage.k8s.io",
    version="v1",
    name="VolumeAttributesClass",
    plural="volumeattributesclasses",
    singular="volumeattributesclass",
    namespaced=False,
    short_names=("vac",),
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        default_name(DEFAULT),
        Column("DriverName", lambda c, _: c.driverName, description="The driver that knows the attributes."),
        AGE,
    ),
)
