"""What is passed on to the driver of a device, which alone understands it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from kubernel.objects.errors import FieldError, field_invalid, field_required, field_too_long
from kubernel.objects.models import resource
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = ["configuration_errors", "raw_errors"]

PARAMETERS_MAX = 10 * 1024


def configuration_errors(config: resource.OpaqueDeviceConfiguration | None, path: str) -> Iterable[FieldError]:
    """Check the configuration of an element at ``path``."""
    if config is None:
        yield field_required(f"{path}.opaque")
        return
    yield from driver_name_errors(config.driver, f"{path}.opaque.driver")
    yield from raw_errors(config.parameters, f"{path}.opaque.parameters")


def raw_errors(value: Any, path: str) -> Iterable[FieldError]:  # noqa: ANN401 - any JSON value
    """Check a value that must be an object of moderate size."""
    if value is None:
        yield field_required(path)
    elif len(msgspec.json.encode(value)) > PARAMETERS_MAX:
        yield field_too_long(path, PARAMETERS_MAX)
    elif not isinstance(value, dict):
        yield field_invalid(path, "<value omitted>", "must be a valid JSON object")
