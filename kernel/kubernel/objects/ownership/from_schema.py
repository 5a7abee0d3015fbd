"""The shapes of custom resources, from the OpenAPI v3 schema of their definition.

The words are those of structural schemas: ``x-kubernetes-list-type``, ``x-kubernetes-list-map-keys``,
``x-kubernetes-map-type``, ``x-kubernetes-preserve-unknown-fields`` and ``x-kubernetes-embedded-resource``. Source:
kube-openapi ``pkg/schemaconv``.
"""

from typing import Any

from kubernel.objects.models import Plain
from kubernel.objects.ownership.from_types import metadata_shape
from kubernel.objects.ownership.shapes import LEAF, UNTYPED, Shape

__all__ = ["shape_of_schema"]


def shape_of_schema(schema: Plain | None) -> Shape:
    """Return the shape of a custom resource.

    Args:
        schema: The ``openAPIV3Schema`` of one version; ``None`` when nothing is known, which walks into every map.
    """
    return _resource(_shape(schema) if schema else UNTYPED)


def _resource(shape: Shape) -> Shape:
    members = {**shape.members, "apiVersion": LEAF, "kind": LEAF, "metadata": metadata_shape()}
    return Shape(members=members, others=shape.others, is_granular=True)


def _shape(schema: Any) -> Shape:  # noqa: ANN401 - a part of a schema
    if not isinstance(schema, dict) or schema.get("x-kubernetes-int-or-string"):
        return LEAF
    shape = _list(schema) if schema.get("type") == "array" else _map(schema)
    return _resource(shape) if schema.get("x-kubernetes-embedded-resource") else shape


def _map(schema: Plain) -> Shape:
    members, others = schema.get("properties"), schema.get("additionalProperties")
    keeps_unknown = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
    if schema.get("x-kubernetes-map-type") == "atomic":
        return LEAF
    if not members and not others:
        return UNTYPED if keeps_unknown or schema.get("type") in ("object", None) else LEAF
    return Shape(
        members={name: _shape(member) for name, member in (members or {}).items()},
        others=_others(others) or (UNTYPED if keeps_unknown else None),
        is_granular=True,
    )


def _others(schema: Any) -> Shape | None:  # noqa: ANN401 - a schema or a boolean
    if isinstance(schema, dict):
        return _shape(schema)
    return UNTYPED if schema is True else None


def _list(schema: Plain) -> Shape:
    how, element = schema.get("x-kubernetes-list-type"), schema.get("items")
    if how not in ("map", "set"):
        return LEAF
    properties = (element or {}).get("properties", {})
    keys = tuple(sorted(schema.get("x-kubernetes-list-map-keys") or ())) if how == "map" else ()
    defaults = {key: properties[key]["default"] for key in keys if properties.get(key, {}).get("default") is not None}
    return Shape(items=_shape(element), keys=keys, defaults=defaults)
