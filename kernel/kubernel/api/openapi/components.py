"""The schemas that some kinds and their operations need, by name: of types, of lists, of custom kinds."""

from collections.abc import Iterable, Iterator

from lightkube.models import authentication_v1 as authentication
from lightkube.models import autoscaling_v1, meta_v1, policy_v1

from kubernel.api.openapi.operations import PATCH, is_typed, list_schema_of, schema_of
from kubernel.api.openapi.schemas import OBJECT_FIELDS, SPECIAL, reached_by, reference, schema_name, struct_schema
from kubernel.objects.models import Plain, core
from kubernel.objects.registry import AnyKind

__all__ = ["components"]

# What is exchanged beside the kinds themselves: answers, options and what subresources take.
_BESIDE: tuple[type, ...] = (
    meta_v1.Status,
    meta_v1.DeleteOptions,
    meta_v1.ListMeta,
    meta_v1.WatchEvent,
    autoscaling_v1.Scale,
    core.Binding,
    policy_v1.Eviction,
    authentication.TokenRequest,
)
_GVKS: dict[type, tuple[str, str, str]] = {
    meta_v1.Status: ("", "v1", "Status"),
    meta_v1.DeleteOptions: ("", "v1", "DeleteOptions"),
    autoscaling_v1.Scale: ("autoscaling", "v1", "Scale"),
    core.Binding: ("", "v1", "Binding"),
    policy_v1.Eviction: ("policy", "v1", "Eviction"),
    authentication.TokenRequest: ("authentication.k8s.io", "v1", "TokenRequest"),
}


def components(kinds: Iterable[AnyKind]) -> dict[str, Plain]:
    """Return every schema that the operations of these kinds refer to, directly or through others."""
    listed = list(kinds)
    typed = [kind for kind in listed if is_typed(kind)]
    found = {schema_name(struct): struct_schema(struct) for struct in reached_by([*(k.type for k in typed), *_BESIDE])}
    found |= {name: dict(schema) for name, schema in SPECIAL.items()}
    found[PATCH] = {"type": "object", "description": "A patch of the object; its form is the body's media type."}
    for struct, gvk in _GVKS.items():
        _name(found[schema_name(struct)], *gvk)
    for kind in listed:
        if not is_typed(kind):
            found[schema_of(kind)] = _custom(kind)
        _name(found[schema_of(kind)], kind.group, kind.version, kind.name)
        if "list" in kind.verbs:
            found[list_schema_of(kind)] = _list_of(kind)
    return _needed(found, listed)


def _name(schema: Plain, group: str, version: str, kind: str) -> None:
    schema["x-kubernetes-group-version-kind"] = [{"group": group, "kind": kind, "version": version}]


def _custom(kind: AnyKind) -> Plain:
    """Return the schema of a custom kind, with the three fields that every object has described."""
    schema: Plain = dict(kind.schema or {"type": "object"})
    types: Plain = {"metadata": reference(schema_name(meta_v1.ObjectMeta))}
    properties = {
        name: {**types.get(name, {"type": "string"}), "description": text} for name, text in OBJECT_FIELDS.items()
    }
    schema["properties"] = {**(schema.get("properties") or {}), **properties}
    return schema


def _list_of(kind: AnyKind) -> Plain:
    schema: Plain = {
        "type": "object",
        "description": f"A list of objects of the kind {kind.name}.",
        "required": ["items"],
        "properties": {
            "apiVersion": {"type": "string", "description": "The group and version that this object is written in."},
            "items": {
                "type": "array",
                "items": reference(schema_of(kind)),
                "description": "The objects.",
            },
            "kind": {"type": "string", "description": "The kind of this list."},
            "metadata": {**reference(schema_name(meta_v1.ListMeta)), "description": "Standard list metadata."},
        },
    }
    _name(schema, kind.group, kind.version, kind.list_kind)
    return schema


def _needed(schemas: dict[str, Plain], kinds: list[AnyKind]) -> dict[str, Plain]:
    """Return the schemas that can be reached, sorted by name."""
    waiting = [schema_name(struct) for struct in _BESIDE] + [PATCH]
    waiting += [name for kind in kinds for name in (schema_of(kind), list_schema_of(kind)) if name in schemas]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_references(schemas[name]))
    return {name: schemas[name] for name in sorted(reached)}


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(name := value.get("$ref"), str):
            yield name
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)
