"""The kind ``ControllerRevision``: what a StatefulSet or a DaemonSet was at one time, for going back to it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import apps
from kubernel.objects.owners import controller_of
from kubernel.objects.rules.values import at_least_zero, immutable

__all__ = ["CONTROLLER_REVISION"]


def _validate(revision: apps.ControllerRevision) -> Iterable[FieldError]:
    return at_least_zero(revision.revision, "revision")


def _validate_update(new: apps.ControllerRevision, old: apps.ControllerRevision) -> Iterable[FieldError]:
    return immutable(new.data, old.data, "data")


def _controller(revision: apps.ControllerRevision, _now: datetime) -> str:
    owner = controller_of(revision.metadata)
    if owner is None:
        return NONE
    group = owner.apiVersion.rpartition("/")[0]
    kind = f"{owner.kind}.{group}" if group else owner.kind
    return f"{kind.lower()}/{owner.name}"


CONTROLLER_REVISION = Kind(
    type=apps.ControllerRevision,
    group="apps",
    version="v1",
    name="ControllerRevision",
    plural="controllerrevisions",
    singular="controllerrevision",
    namespaced=True,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Controller", _controller, description="Controller of the object"),
        Column("Revision", lambda r, _: r.revision or 0, description="The number of the version."),
        AGE,
    ),
)
