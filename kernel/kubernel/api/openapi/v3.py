"""The form of OpenAPI v3: one document a group version."""

from collections.abc import Iterable
from typing import Any

from kubernel import __version__
from kubernel.api.openapi.components import components
from kubernel.api.openapi.operations import JSON, STATUS, YAML, Operation, operations
from kubernel.api.openapi.parameters import PATH_PARAMETERS
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind

__all__ = ["document", "schema"]

_STREAMS = (f"{JSON};stream=watch",)
_REASONS = {200: "OK", 201: "Created", 202: "Accepted"}
_UNIONS: dict[str, Plain] = {
    # What v2 can only call text.
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"oneOf": [{"type": "string"}, {"type": "number"}]},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
}


def document(kinds: Iterable[AnyKind]) -> Plain:
    """Return the document of the kinds of one group version."""
    listed = list(kinds)
    paths: dict[str, Plain] = {}
    for kind in listed:
        for operation in operations(kind):
            item = paths.setdefault(operation.path, _parameters_of(operation.path))
            item[operation.method] = _operation(operation)
    schemas = {name: _named(name, found) for name, found in components(listed).items()}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernel", "version": __version__},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "BearerToken": {"type": "apiKey", "in": "header", "name": "authorization", "description": "A token."}
            },
        },
    }


def schema(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema in the form of v3: addresses for names, and no neighbours beside a reference.

    A description beside a ``$ref`` is ignored by OpenAPI 3.0, hence the wrapping that Kubernetes uses too.
    """
    if isinstance(value, list):
        return [schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    name = value.get("$ref")
    if isinstance(name, str):
        rest = {key: item for key, item in value.items() if key != "$ref"}
        return {"allOf": [_reference(name)], **rest} if rest else _reference(name)
    return {key: schema(item) for key, item in value.items()}


def _named(name: str, found: Plain) -> Plain:
    converted: Plain = schema(found)
    if union := _UNIONS.get(name):
        converted.pop("type", None)
        converted |= union
    return converted


def _reference(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameters_of(path: str) -> Plain:
    named = [name for name in PATH_PARAMETERS if f"{{{name}}}" in path]
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_PARAMETERS[name],
            "schema": {"type": "string", "uniqueItems": True},
        }
        for name in named
    ]
    return {"parameters": parameters} if parameters else {}


def _operation(operation: Operation) -> Plain:
    gvk = operation.gvk
    result: Plain = {
        "tags": [operation.group],
        "description": f"{operation.action} {gvk.kind}",
        "operationId": operation.id,
        "parameters": [
            {"name": p.name, "in": "query", "description": p.text, "schema": {"type": p.type, "uniqueItems": True}}
            for p in operation.query
        ],
        "responses": _responses(operation),
        "x-kubernetes-action": operation.action,
        "x-kubernetes-group-version-kind": {"group": gvk.group, "version": gvk.version, "kind": gvk.kind},
    }
    if operation.body:
        content = {media: {"schema": _reference(operation.body)} for media in operation.body_types}
        result["requestBody"] = {"content": content, "required": operation.method != "delete"}
        if operation.method == "delete":
            del result["requestBody"]["required"]
    return result


def _responses(operation: Operation) -> Plain:
    if not operation.answer:
        return {"200": {"description": "OK", "content": {operation.media: {"schema": {"type": "string"}}}}} | _REFUSALS
    media = (JSON, YAML, *(_STREAMS if operation.action == "list" else ()))
    content = {kind: {"schema": _reference(operation.answer)} for kind in media}
    return {str(code): {"description": _REASONS[code], "content": content} for code in operation.codes} | _REFUSALS


_REFUSALS: Plain = {
    "default": {"description": "A refusal, with its reason", "content": {JSON: {"schema": _reference(STATUS)}}}
}
