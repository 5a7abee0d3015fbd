"""Names and parameters of what provides storage.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateCSIDriverName``), ``pkg/apis/storage/validation``.
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required, field_too_long
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.maps import require_texts
from kubernel.objects.rules.names import dns_subdomain_errors

__all__ = ["driver_name_errors", "parameter_errors", "provisioner_errors"]

DRIVER_MAX = 63
PARAMETERS_MAX, PARAMETERS_MAX_BYTES = 512, 256 * 1024


def driver_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of a CSI driver: a domain of at most 63 characters, in either case."""
    if not name:
        yield field_required(path)
    if len(name) > DRIVER_MAX:
        yield field_too_long(path, DRIVER_MAX)
    yield from (field_invalid(path, name, why) for why in dns_subdomain_errors(name.lower()))


def provisioner_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of what makes volumes: as a label's key, in either case."""
    if not name:
        yield field_required(path)
        return
    yield from (field_invalid(path, name.lower(), why) for why in label_key_errors(name.lower()))


def parameter_errors(values: dict[str, str] | None, path: str, *, may_be_empty: bool) -> Iterable[FieldError]:
    """Check what a class passes on to the driver: at most 512 pairs and 256 KiB."""
    values = values or {}
    require_texts(values, path)
    if len(values) > PARAMETERS_MAX:
        yield field_too_long(path, PARAMETERS_MAX)
        return
    if "" in values:
        yield field_invalid(path, "", "field can not be empty.")
    if sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) > PARAMETERS_MAX_BYTES:
        yield field_too_long(path, PARAMETERS_MAX_BYTES)
    if not values and not may_be_empty:
        yield field_required(path, "must contain at least one key/value pair")
