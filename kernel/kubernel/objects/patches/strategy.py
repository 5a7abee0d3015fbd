"""Which lists of which types a strategic patch merges, and by which key: Kubernetes' patch strategies as data.

They are among the facts of the published types (`objects.published`); a list of which nothing is said is replaced
whole. The API's own OpenAPI document reads them here too.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from kubernel.objects.published import fields_of, name_of

__all__ = ["FieldShape", "Strategy", "field_shape", "field_strategy", "merge_key"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a patch merges a list.

    Attributes:
        merge_key: The member that tells elements apart; ``None`` for lists of plain values.
        retain_keys: Whether an element's keys that the patch does not name may be dropped (``$retainKeys``).
    """

    merge_key: str | None
    retain_keys: bool = False

    @property
    def strategy(self) -> str:
        """The strategy as OpenAPI has it: ``merge`` or ``merge,retainKeys``."""
        return "merge,retainKeys" if self.retain_keys else "merge"


def field_strategy(struct: type, field: str) -> Strategy | None:
    """Return how a patch merges this list; ``None`` when it replaces it (and for what is no list)."""
    return _strategies(struct).get(field)


@lru_cache(maxsize=1024)
def _strategies(struct: type) -> dict[str, Strategy]:
    return {
        name: Strategy(field.merge_key or None, retain_keys="retainKeys" in field.strategy)
        for name, field in fields_of(name_of(struct)).items()
        if "merge" in field.strategy and field.is_list
    }


def merge_key(struct: type, field: str) -> str | None:
    """Return the key by which a patch merges this list of objects, or ``None``."""
    found = field_strategy(struct, field)
    return found.merge_key if found else None


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What is below a field: the Struct of its value or of its elements, or ``None`` for anything untyped."""

    struct: type | None
    is_list: bool


_UNTYPED = FieldShape(None, is_list=False)


def field_shape(struct: type | None, field: str) -> FieldShape:
    """Return the shape of a field; below an untyped value all is untyped."""
    return _shapes(struct).get(field, _UNTYPED) if struct is not None else _UNTYPED


@lru_cache(maxsize=1024)
def _shapes(struct: type) -> dict[str, FieldShape]:
    return {field.encode_name: _shape(field.type) for field in msgspec.structs.fields(struct)}


def _shape(annotation: Any) -> FieldShape:  # noqa: ANN401 - a type as written
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        present = [argument for argument in get_args(annotation) if argument is not type(None)]
        return _shape(present[0]) if len(present) == 1 else _UNTYPED
    if origin is list:
        return FieldShape(_shape(get_args(annotation)[0]).struct, is_list=True)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return FieldShape(annotation, is_list=False)
    return _UNTYPED
