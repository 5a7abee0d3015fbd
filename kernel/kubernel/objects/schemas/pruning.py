"""Pruning: an object without the fields that its schema does not have, as Kubernetes stores it.

Unlike Kubernetes' own, it makes a pruned copy and leaves what it was given alone, so that the same walk can also only
*name* the unknown fields. On the way numbers get the form in which they are stored: a whole number for ``type:
integer`` and nothing that does not fit into 64 bits. Source: apiextensions-apiserver ``pkg/apiserver/schema/pruning``.
"""

from typing import Any

from kubernel.objects.rules.paths import child
from kubernel.objects.schemas.schema import Schema

__all__ = ["META_FIELDS", "pruned", "pruned_value", "unknown_fields"]

META_FIELDS = frozenset({"apiVersion", "kind", "metadata"})
_INT64 = range(-(2**63), 2**63)
_FLAT = {str, bool, float, type(None)}


def pruned(value: Any, schema: Schema) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of an object's fields without those that the schema does not have; the head is left alone."""
    return _Pruning(None).object(value, schema, "", is_resource=True)


def pruned_value(value: Any, schema: Schema) -> Any:  # noqa: ANN401
    """Return a copy of a value somewhere in an object, such as a default."""
    return _Pruning(None).value(value, schema, "")


def unknown_fields(value: Any, schema: Schema) -> list[str]:  # noqa: ANN401
    """Return the paths of what `pruned` leaves out, sorted."""
    found: list[str] = []
    _Pruning(found).object(value, schema, "", is_resource=True)
    return sorted(found)


class _Pruning:
    """One walk; ``unknown`` collects paths, ``None`` spares the making of them."""

    def __init__(self, unknown: list[str] | None) -> None:
        self._unknown = unknown

    def value(self, value: Any, schema: Schema | None, path: str, *, keeps: bool = False) -> Any:  # noqa: ANN401
        """Return a copy of any value; ``keeps`` says that unknown fields are kept here."""
        if isinstance(value, dict):
            is_resource = schema is not None and schema.is_embedded
            return self.object(value, schema, path, keeps=keeps, is_resource=is_resource)
        if isinstance(value, list):
            item = schema.item if schema is not None else None
            keeps = keeps or bool(schema is not None and schema.preserves_unknown)
            if _is_flat(value, item):
                return list(value)
            if self._unknown is None:
                return [self.value(element, item, "", keeps=keeps) for element in value]
            return [self.value(element, item, f"{path}[{i}]", keeps=keeps) for i, element in enumerate(value)]
        return _number(value, schema)

    def object(
        self, value: dict[str, Any], schema: Schema | None, path: str, *, is_resource: bool, keeps: bool = False
    ) -> dict[str, Any]:
        """Return a copy of an object; the head of a resource is no business of its schema."""
        keeps = keeps or bool(schema is not None and schema.preserves_unknown)
        copy: dict[str, Any] = {}
        for name, member in value.items():
            if is_resource and name in META_FIELDS:
                copy[name] = member
                continue
            where = child(path, name) if self._unknown is not None else ""
            if schema is not None and name in schema.properties:
                copy[name] = self.value(member, schema.properties[name], where)
            elif schema is not None and schema.additional is not None:
                copy[name] = self.value(member, schema.additional_schema, where)
            elif keeps:
                copy[name] = self.value(member, None, where, keeps=True)
            elif self._unknown is not None:
                self._unknown.append(where)
        return copy


def _is_flat(elements: list[Any], item: Schema | None) -> bool:
    """Whether nothing in a list can be pruned or is a number to be looked at: long lists of scalars are common."""
    types = set(map(type, elements))
    if types == {int}:
        return min(elements) in _INT64 and max(elements) in _INT64
    return types <= _FLAT and not (float in types and item is not None and item.type == "integer")


def _number(value: Any, schema: Schema | None) -> Any:  # noqa: ANN401
    if isinstance(value, float) and schema is not None and schema.type == "integer" and value.is_integer():
        value = int(value)
    if type(value) is int and value not in _INT64:
        return float(value)
    return value
