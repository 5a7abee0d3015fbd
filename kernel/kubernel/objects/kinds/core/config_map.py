"""The kind ``ConfigMap``: configuration as keys and values."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_too_long
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.rules.maps import require_texts
from kubernel.objects.rules.names import config_key_errors
from kubernel.objects.rules.payloads import DATA_MAX_BYTES, decoded_bytes, require_base64

__all__ = ["CONFIG_MAP"]


def _validate(config: core.ConfigMap) -> Iterable[FieldError]:
    data: dict[str, str] = config.data or {}
    binary: dict[str, str] = config.binaryData or {}
    require_texts(data, "data")
    require_texts(binary, "binaryData")
    for name, values in (("data", data), ("binaryData", binary)):
        for key in values:
            yield from (field_invalid(f"{name}[{key}]", key, why) for why in config_key_errors(key))
    for key in data.keys() & binary.keys():
        yield field_invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
    require_base64(binary)
    if sum(len(value.encode()) for value in data.values()) + decoded_bytes(binary) > DATA_MAX_BYTES:
        yield field_too_long("", DATA_MAX_BYTES)


def _validate_update(new: core.ConfigMap, old: core.ConfigMap) -> Iterable[FieldError]:
    if not old.immutable:
        return
    why = "field is immutable when `immutable` is set"
    if not new.immutable:
        yield field_forbidden("immutable", why)
    if new.data != old.data:
        yield field_forbidden("data", why)
    if new.binaryData != old.binaryData:
        yield field_forbidden("binaryData", why)


CONFIG_MAP = Kind(
    type=core.ConfigMap,
    group="",
    version="v1",
    name="ConfigMap",
    plural="configmaps",
    singular="configmap",
    namespaced=True,
    short_names=("cm",),
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Data", lambda c, _: len(c.data or ()) + len(c.binaryData or ()), description="The number of keys."),
        AGE,
    ),
)
