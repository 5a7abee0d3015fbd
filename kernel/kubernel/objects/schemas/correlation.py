"""Which value of the old object a value of the new one replaces: nobody is blamed for what they did not change.

Members are found by their names, elements of lists of type ``map`` by their keys; elements of other lists have no
counterpart of their own. Source: apiserver ``pkg/cel/common/equality.go`` (ratcheting of custom resources).
"""

from collections.abc import Iterable
from typing import Any

from kubernel.objects.schemas.schema import Schema

__all__ = ["ABSENT", "counterpart", "is_unchanged"]

ABSENT: Any = object()
"""There is no counterpart."""


def is_unchanged(steps: Iterable[str | int], new: Any, old: Any, schema: Schema | None) -> bool:  # noqa: ANN401
    """Whether the value at the end of a path, or one that it is in, is what it was."""
    if new == old:
        return True
    for step in steps:
        old, nested = counterpart(new, old, schema, step)
        if old is ABSENT:
            return False
        new, schema = new[step], nested
        if new == old:
            return True
    return False


def counterpart(new: Any, old: Any, schema: Schema | None, step: str | int) -> tuple[Any, Schema | None]:  # noqa: ANN401
    """Return what the old value has in the place of ``new[step]``, `ABSENT` for nothing, with its schema."""
    if isinstance(step, str):
        nested = (schema.properties.get(step) or schema.additional_schema) if schema is not None else None
        if isinstance(new, dict) and isinstance(old, dict) and step in new and step in old:
            return old[step], nested
        return ABSENT, nested
    item = schema.item if schema is not None else None
    if schema is None or schema.list_type != "map" or not isinstance(old, list) or not isinstance(new, list):
        return ABSENT, item
    wanted = _key(new[step], schema.list_keys)
    return next((element for element in old if _key(element, schema.list_keys) == wanted), ABSENT), item


def _key(element: Any, names: list[str]) -> list[Any]:  # noqa: ANN401
    return [element.get(name) for name in names] if isinstance(element, dict) else [ABSENT]
