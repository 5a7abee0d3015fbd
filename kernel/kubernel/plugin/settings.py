"""Settings: from the free-form ``spec.config`` of a Plugin object to the typed settings of its driver."""

import re
from typing import Any

import msgspec

from kubernel.objects.models import Plain

__all__ = ["SettingsInvalid", "decode_settings", "settings_error"]

_WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`")


class SettingsInvalid(ValueError):  # noqa: N818 - named after the condition
    """A setting is unknown or of the wrong type; the message names its key."""


def decode_settings(settings: type[msgspec.Struct], config: Plain | None) -> msgspec.Struct:
    """Turn a Plugin object's ``spec.config`` into the driver's settings.

    Args:
        settings: The driver's settings class; every field has a default.
        config: The decoded JSON object; ``None`` means all defaults.

    Raises:
        SettingsInvalid: A key is unknown or its value is of the wrong type or range.
    """
    try:
        return msgspec.convert(config or {}, settings, strict=True)
    except msgspec.ValidationError as error:
        raise SettingsInvalid(_sentence(str(error), settings)) from error


def settings_error(settings: Any) -> str:  # noqa: ANN401 - whatever a plugin put there
    """Say why this cannot be a driver's settings class; empty when it can."""
    if not (isinstance(settings, type) and issubclass(settings, msgspec.Struct)):
        return "its settings are not a msgspec.Struct class"
    if not settings.__struct_config__.forbid_unknown_fields:
        return f"{settings.__name__} must forbid unknown fields, or a mistyped key would go unnoticed"
    required = [field.encode_name for field in msgspec.structs.fields(settings) if field.required]
    if required:
        return f"{settings.__name__} has no default for {', '.join(required)}"
    return ""


def _sentence(error: str, settings: type[msgspec.Struct]) -> str:
    match = _WHERE.fullmatch(error)
    assert match is not None
    what, path = match["what"], match["path"] or ""
    unknown = _UNKNOWN.fullmatch(what)
    if unknown is None:
        return f"spec.config{path}: {what}"
    sentence = f"spec.config{path}.{unknown['key']}: unknown setting"
    if path:
        return sentence
    known = ", ".join(field.encode_name for field in msgspec.structs.fields(settings)) or "none"
    return f"{sentence}; known: {known}"
