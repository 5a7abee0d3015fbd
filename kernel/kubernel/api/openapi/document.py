"""One OpenAPI document a group version, and the index of them."""

import hashlib

from kubernel import __version__
from kubernel.api.discovery import Discovery
from kubernel.api.openapi.schemas import schema_name, schemas_of
from kubernel.api.subresources.table import subresources_of
from kubernel.objects import codec
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind

__all__ = ["OpenAPI"]

_JSON = "application/json"
_BODIES = (_JSON, "application/yaml")
_PATCHES = ("application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json")
_WRITE_PARAMETERS = (
    ("dryRun", "string", "All: check the request and store nothing."),
    ("fieldManager", "string", "The name of the actor or program that makes the change."),
    ("fieldValidation", "string", "What happens to unknown fields: Ignore, Warn or Strict."),
)
_LIST_PARAMETERS = (
    ("labelSelector", "string", "Restricts the objects by their labels."),
    ("fieldSelector", "string", "Restricts the objects by their fields."),
    ("limit", "integer", "The largest number of items in one answer."),
    ("continue", "string", "Where the earlier, limited list stopped."),
    ("resourceVersion", "string", "The revision that the answer is based on."),
    ("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
    ("timeoutSeconds", "integer", "When a watch ends."),
    ("watch", "boolean", "Stream the changes instead of listing."),
    ("allowWatchBookmarks", "boolean", "Send bookmarks on a watch."),
    ("sendInitialEvents", "boolean", "Begin a watch with everything that is there."),
)


class OpenAPI:
    """Generates the documents and keeps them as bytes."""

    def __init__(self, discovery: Discovery) -> None:
        self._discovery = discovery
        self._documents: dict[tuple[str, str], bytes] = {}

    def index(self, group_versions: list[tuple[str, str]]) -> bytes:
        """Return the index: a path and a hash a document; the hash changes with what the document is made of."""
        paths = {}
        for group, version in group_versions:
            path = f"apis/{group}/{version}" if group else f"api/{version}"
            paths[path] = {"serverRelativeURL": f"/openapi/v3/{path}?hash={self._hash(group, version)}"}
        return codec.encode_plain({"paths": paths})

    def document(self, group: str, version: str) -> bytes | None:
        """Return the document of one group version; ``None`` when it is not served."""
        kinds = self._discovery.kinds(group, version)
        if not kinds:
            return None
        key = (group, version)
        if key not in self._documents:
            self._documents[key] = codec.encode_plain(_document(kinds))
        return self._documents[key]

    def _hash(self, group: str, version: str) -> str:
        names = [schema_name(kind.type) for kind in self._discovery.kinds(group, version)]
        return hashlib.sha256(" ".join([__version__, *names]).encode()).hexdigest()[:32].upper()


def _document(kinds: list[AnyKind]) -> Plain:
    paths: dict[str, Plain] = {}
    for kind in kinds:
        paths |= _paths(kind)
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernel", "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas_of(kinds)},
    }


def _paths(kind: AnyKind) -> dict[str, Plain]:
    collection = kind.path("{namespace}" if kind.namespaced else None)
    single = kind.path("{namespace}" if kind.namespaced else None, "{name}")
    parameters = [_in_path("namespace")] if kind.namespaced else []
    paths: dict[str, Plain] = {
        collection: {
            "parameters": parameters,
            "get": _operation(kind, "list", parameters=_LIST_PARAMETERS),
            "post": _operation(kind, "create", bodies=_BODIES, parameters=_WRITE_PARAMETERS),
            "delete": _operation(kind, "deletecollection", parameters=_LIST_PARAMETERS),
        },
        single: {
            "parameters": [*parameters, _in_path("name")],
            "get": _operation(kind, "get"),
            "put": _operation(kind, "update", bodies=_BODIES, parameters=_WRITE_PARAMETERS),
            "patch": _operation(kind, "patch", bodies=_PATCHES, parameters=_WRITE_PARAMETERS),
            "delete": _operation(kind, "delete", parameters=_WRITE_PARAMETERS[:1]),
        },
    }
    if kind.namespaced:
        paths[kind.path()] = {"get": _operation(kind, "list", parameters=_LIST_PARAMETERS, suffix="ForAllNamespaces")}
    if "status" in subresources_of(kind):
        paths[f"{single}/status"] = {
            "parameters": [*parameters, _in_path("name")],
            "get": _operation(kind, "get", suffix="Status"),
            "put": _operation(kind, "update", bodies=_BODIES, parameters=_WRITE_PARAMETERS, suffix="Status"),
            "patch": _operation(kind, "patch", bodies=_PATCHES, parameters=_WRITE_PARAMETERS, suffix="Status"),
        }
    return paths


def _in_path(name: str) -> Plain:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _operation(
    kind: AnyKind,
    verb: str,
    *,
    bodies: tuple[str, ...] = (),
    parameters: tuple[tuple[str, str, str], ...] = (),
    suffix: str = "",
) -> Plain:
    reference = {"$ref": f"#/components/schemas/{schema_name(kind.type)}"}
    operation: Plain = {
        "operationId": f"{verb}{kind.group.partition('.')[0].title()}{kind.version.title()}{kind.name}{suffix}",
        "x-kubernetes-action": verb,
        "x-kubernetes-group-version-kind": {"group": kind.group, "version": kind.version, "kind": kind.name},
        "parameters": [
            {"name": name, "in": "query", "description": text, "schema": {"type": of_type}}
            for name, of_type, text in parameters
        ],
        "responses": {"200": {"description": "OK", "content": {_JSON: {"schema": reference}}}},
    }
    if bodies:
        is_patch = bodies is _PATCHES
        schema: Plain = {"type": "object"} if is_patch else reference
        operation["requestBody"] = {"required": True, "content": {media: {"schema": schema} for media in bodies}}
    return operation
