"""The kind ``DeviceTaintRule``: a taint for all devices that it selects."""

from collections.abc import Iterable

from kubernel.objects.cells import CREATED_AT, NAME
from kubernel.objects.clock import now
from kubernel.objects.devices import default_taint, device_name_errors, pool_name_errors, taint_errors
from kubernel.objects.errors import FieldError, field_too_many
from kubernel.objects.kind import Kind
from kubernel.objects.models import resource
from kubernel.objects.rules.conditions import condition_errors
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = ["DEVICE_TAINT_RULE"]

CONDITIONS_MAX = 8


def _prepare_create(rule: resource.DeviceTaintRule) -> None:
    rule.status = resource.DeviceTaintRuleStatus()


def _prepare_update(new: resource.DeviceTaintRule, old: resource.DeviceTaintRule) -> None:
    """Say since when the devices are tainted so, if the effect is another one."""
    taint, was = new.spec.taint, old.spec.taint
    if taint.effect != was.effect and taint.timeAdded == was.timeAdded:
        taint.timeAdded = now()


def _validate(rule: resource.DeviceTaintRule) -> Iterable[FieldError]:
    chosen = rule.spec.deviceSelector or resource.DeviceTaintSelector()
    for name, rule_of in (("driver", driver_name_errors), ("pool", pool_name_errors), ("device", device_name_errors)):
        if (value := getattr(chosen, name)) is not None:
            yield from rule_of(value, f"spec.deviceSelector.{name}")
    yield from taint_errors(rule.spec.taint, "spec.taint")


def _validate_status(new: resource.DeviceTaintRule, _old: resource.DeviceTaintRule) -> Iterable[FieldError]:
    conditions = (new.status.conditions if new.status else None) or []
    yield from condition_errors(conditions, "status.conditions")
    if len(conditions) > CONDITIONS_MAX:
        yield field_too_many("status.conditions", len(conditions), CONDITIONS_MAX)


DEVICE_TAINT_RULE = Kind(
    type=resource.DeviceTaintRule,
    group="resource.k8s.io",
    version="v1",
    name="DeviceTaintRule",
    plural="devicetaintrules",
    singular="devicetaintrule",
    namespaced=False,
    default=lambda rule: default_taint(rule.spec.taint),
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_validate,
    validate_status=_validate_status,
    columns=(NAME, CREATED_AT),
    has_status=True,
    spec_changes_generation=True,
)
