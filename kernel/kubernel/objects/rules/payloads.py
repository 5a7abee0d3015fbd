"""The data of ConfigMaps and Secrets: its size and its base64."""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping

from kubernel.objects.errors import FieldError, field_invalid

__all__ = ["DATA_MAX_BYTES", "base64_errors", "decoded_bytes"]

DATA_MAX_BYTES = 1024 * 1024
"""All values of one object together; a larger thing belongs into a volume."""


def base64_errors(values: Mapping[str, str], path: str) -> Iterable[FieldError]:
    """Check that every value is base64."""
    for key, value in values.items():
        try:
            b64decode(value, validate=True)
        except (Error, ValueError):
            yield field_invalid(f"{path}[{key}]", "<omitted>", "illegal base64 data")


def decoded_bytes(values: Mapping[str, str]) -> int:
    """Return how many bytes the values are without base64."""
    return sum(len(value) // 4 * 3 - value.count("=", -2) for value in values.values())
