"""Maps whose values the generated models do not type: labels, annotations, selectors, ConfigMap data.

The models know only ``dict``; on the wire the values must be text. A wrong one is a malformed request (400),
not a broken rule of a kind (422), so the check raises `Mistyped`, to which ``lifecycle`` adds the kind's name.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from kubernel.objects.errors import StatusError

__all__ = ["Mistyped", "require_texts", "typed_values"]

T = TypeVar("T")

_GO_NAMES = {bool: "bool", int: "number", float: "number", list: "array", dict: "object"}


class Mistyped(StatusError):  # noqa: N818 - named after the condition, as the API's reasons are
    """400: a value has the wrong JSON type; the text says which, in the words of Kubernetes' decoder."""

    def __init__(self, message: str) -> None:
        super().__init__(400, "BadRequest", message)

    @classmethod
    def text(cls, value: Any, path: str) -> "Mistyped":  # noqa: ANN401 - any JSON value can be wrong
        """Say that ``value`` at ``path`` should be a string."""
        found = _GO_NAMES.get(type(value), "null")
        return cls(f"json: cannot unmarshal {found} into Go struct field {path} of type string")


def require_texts(values: Mapping[str, Any], path: str) -> None:
    """Check that every value is text.

    Args:
        values: The map as decoded.
        path: Where it is, such as ``metadata.labels``.

    Raises:
        Mistyped: One is not.
    """
    for value in values.values():
        if type(value) is not str:
            raise Mistyped.text(value, path)


def typed_values(values: Mapping[str, Any] | None, tp: type[T]) -> dict[str, T]:
    """Return a map whose values are objects, each as its type.

    Args:
        values: The map as decoded; there may be none.
        tp: The type of a value.

    Raises:
        Mistyped: One is something else.
    """
    try:
        return msgspec.convert(values or {}, dict[str, tp])  # type: ignore[valid-type]  # a type at run time
    except msgspec.ValidationError as error:
        raise Mistyped(f"json: {error}") from error
