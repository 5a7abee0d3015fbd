"""The data of ConfigMaps and Secrets: its size and its base64."""

from binascii import a2b_base64
from collections.abc import Mapping

from kubernel.objects.rules.maps import Mistyped

__all__ = ["DATA_MAX_BYTES", "base64_error", "decoded_bytes", "require_base64"]

DATA_MAX_BYTES = 1024 * 1024
"""All values of one object together; a larger thing belongs into a volume."""

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n")


def base64_error(text: str) -> str:
    """Return what Go's decoder says of a text that is no base64; empty for one that is, in one line or in many."""
    try:
        a2b_base64(text.encode().translate(None, b"\r\n"), strict_mode=True)
    except ValueError:
        # The first byte of another alphabet, or else where the padding is wrong.
        wrong = (i for i, character in enumerate(text) if character not in _ALPHABET)
        return f"illegal base64 data at input byte {next(wrong, len(text) // 4 * 4)}"
    return ""


def require_base64(values: Mapping[str, str]) -> None:
    """Check that every value is base64.

    Raises:
        Mistyped: One is not; Kubernetes could not even decode the object.
    """
    for value in values.values():
        if why := base64_error(value):
            raise Mistyped(why)


def decoded_bytes(values: Mapping[str, str]) -> int:
    """Return how many bytes the values are without base64."""
    return sum(len(value) // 4 * 3 - value.count("=", -2) for value in values.values())
