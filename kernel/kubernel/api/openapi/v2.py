"""The form of OpenAPI v2 (Swagger): one document for everything that is served."""

from collections.abc import Iterable
from typing import Any

from kubernel import __version__
from kubernel.api.openapi.components import components
from kubernel.api.openapi.operations import JSON, STATUS, YAML, Operation, operations
from kubernel.api.openapi.parameters import PATH_PARAMETERS
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind

__all__ = ["document"]

_REASONS = {200: "OK", 201: "Created", 202: "Accepted"}
# Swagger has no words for these; Kubernetes drops them from its own document too.
_UNKNOWN_TO_V2 = frozenset({"oneOf", "anyOf", "not", "nullable"})


def document(kinds: Iterable[AnyKind]) -> Plain:
    """Return the document of all kinds."""
    listed = list(kinds)
    paths: dict[str, Plain] = {}
    for kind in listed:
        for operation in operations(kind):
            item = paths.setdefault(operation.path, _parameters_of(operation.path))
            item[operation.method] = _operation(operation)
    return {
        "swagger": "2.0",
        "info": {"title": "Kubernel", "version": __version__},
        "paths": dict(sorted(paths.items())),
        "definitions": {name: _schema(found) for name, found in components(listed).items()},
        "securityDefinitions": {
            "BearerToken": {"type": "apiKey", "in": "header", "name": "authorization", "description": "A token."}
        },
        "security": [{"BearerToken": []}],
    }


def _schema(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(value, list):
        return [_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"#/definitions/{item}" if key == "$ref" and isinstance(item, str) else _schema(item)
        for key, item in value.items()
        if key not in _UNKNOWN_TO_V2
    }


def _reference(name: str) -> Plain:
    return {"$ref": f"#/definitions/{name}"}


def _parameters_of(path: str) -> Plain:
    named = [name for name in PATH_PARAMETERS if f"{{{name}}}" in path]
    parameters = [
        {"name": name, "in": "path", "required": True, "type": "string", "description": PATH_PARAMETERS[name]}
        for name in named
    ]
    return {"parameters": parameters} if parameters else {}


def _operation(operation: Operation) -> Plain:
    gvk = operation.gvk
    parameters: list[Plain] = [
        {"name": p.name, "in": "query", "type": p.type, "description": p.text, "uniqueItems": True}
        for p in operation.query
    ]
    if operation.body:
        body: Plain = {"name": "body", "in": "body", "schema": _reference(operation.body)}
        parameters.append(body if operation.method == "delete" else {**body, "required": True})
    result: Plain = {
        "tags": [operation.group],
        "description": f"{operation.action} {gvk.kind}",
        "operationId": operation.id,
        "consumes": list(operation.body_types) or ["*/*"],
        "produces": [JSON, YAML] if operation.answer else [operation.media],
        "parameters": parameters,
        "responses": _responses(operation),
        "schemes": ["https"],
        "x-kubernetes-action": operation.action,
        "x-kubernetes-group-version-kind": {"group": gvk.group, "version": gvk.version, "kind": gvk.kind},
    }
    return result


def _responses(operation: Operation) -> Plain:
    answer: Plain = _reference(operation.answer) if operation.answer else {"type": "string"}
    found: Plain = {str(code): {"description": _REASONS[code], "schema": answer} for code in operation.codes}
    return found | {"default": {"description": "A refusal, with its reason", "schema": _reference(STATUS)}}
