"""What is doubtful in a definition: formats that nobody checks, and lists that cannot be sets.

Source: apiextensions-apiserver ``pkg/registry/customresourcedefinition/strategy.go``.
"""

from collections.abc import Iterable, Iterator

from kubernel.objects.custom.definition import Definition
from kubernel.objects.schemas.schema import Schema, read_schema, subschemas
from kubernel.objects.schemas.validating.formats import is_recognized

__all__ = ["definition_warnings"]


def definition_warnings(new: Definition, old: Definition | None) -> Iterable[str]:
    """Warn of what the old definition did not have yet."""
    known = set(_found(old)) if old is not None else set()
    for warning in dict.fromkeys(_found(new)):
        if warning not in known:
            yield warning


def _found(definition: Definition) -> Iterator[str]:
    for version in definition.spec.versions:
        given = version.schema.openAPIV3Schema if version.schema else None
        schema = read_schema(given, "")[0] if given is not None else None
        for node in _nodes(schema) if schema is not None else ():
            if node.format and not is_recognized(node.format, node.type):
                yield f'unrecognized format "{node.format}"'
            if node.list_type == "set" and isinstance(node.items, Schema) and node.items.type in {"object", "array"}:
                yield (
                    f'x-kubernetes-list-type: set for items of type "{node.items.type}" is not supported by '
                    "server-side apply or CEL validation rules"
                )


def _nodes(schema: Schema) -> Iterator[Schema]:
    yield schema
    for nested, _path in subschemas(schema, ""):
        yield from _nodes(nested)
