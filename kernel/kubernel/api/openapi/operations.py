"""What can be asked of each kind, as data: one `Operation` a path and method. Both documents are made of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from kubernel.api.openapi import parameters
from kubernel.api.openapi.parameters import OF_SUBRESOURCE, Parameter
from kubernel.api.openapi.schemas import schema_name
from kubernel.api.subresources.table import Subresource, subresources_of
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.registry import AnyKind

__all__ = [
    "BODIES",
    "DELETE_OPTIONS",
    "JSON",
    "PATCH",
    "STATUS",
    "YAML",
    "Operation",
    "is_typed",
    "list_schema_of",
    "operations",
    "schema_of",
]

JSON, YAML, PROTOBUF = "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"
BODIES = (JSON, YAML, PROTOBUF)
PATCHES = (
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
)
_META = "io.k8s.apimachinery.pkg.apis.meta.v1"
DELETE_OPTIONS, PATCH, STATUS = f"{_META}.DeleteOptions", f"{_META}.Patch", f"{_META}.Status"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    Attributes:
        path: With parameters in braces.
        method: In lower case.
        action: What Kubernetes calls it: ``get``, ``list``, ``post``, ``put``, ``patch``, ``delete``,
            ``deletecollection`` or ``connect``.
        id: Unique in all documents.
        gvk: The kind that it exchanges.
        query: Its query parameters.
        body: The name of the body's schema; empty without one.
        body_types: The media types of the body.
        answer: The name of the answer's schema; empty for text.
        codes: The codes of success.
        group: For the tag: the group version.
        media: The media type of an answer without a schema.
    """

    path: str
    method: str
    action: str
    id: str
    gvk: GroupVersionKind
    query: tuple[Parameter, ...]
    answer: str
    group: str
    body: str = ""
    body_types: tuple[str, ...] = ()
    codes: tuple[int, ...] = (200,)
    media: str = "*/*"


_CONNECTIONS = frozenset({"attach", "exec", "portforward", "proxy"})
"""Subresources that pass a connection on: what goes over it is not ours to describe."""

LOG, PROXY = "log", "proxy"
_VERB_OF = {
    "GET": "read",
    "PUT": "replace",
    "PATCH": "patch",
    "POST": "create",
    "DELETE": "delete",
    "HEAD": "head",
    "OPTIONS": "options",
}
_ACTION_OF = {"PUT": "put", "POST": "post", "DELETE": "delete"}


def operations(kind: AnyKind) -> Iterator[Operation]:
    """Yield every operation of a kind, its subresources' included."""
    yield from _collection(kind)
    yield from _single(kind)
    for name, subresource in subresources_of(kind).items():
        yield from _subresource(kind, name, subresource)


def _words(kind: AnyKind) -> str:
    group = kind.group.removesuffix(".k8s.io").replace(".", " ").title().replace(" ", "") or "Core"
    return f"{group.replace('-', '')}{kind.version.title()}{'Namespaced' if kind.namespaced else ''}"


def _collection(kind: AnyKind) -> Iterator[Operation]:
    path, words, own, tag = _path(kind), _words(kind), schema_of(kind), kind.api_version
    lists = list_schema_of(kind)
    if "list" in kind.verbs:
        yield Operation(path, "get", "list", f"list{words}{kind.name}", kind.gvk, parameters.LIST, lists, tag)
    if "create" in kind.verbs:
        made = (200, 201, 202)
        yield Operation(
            path, "post", "post", f"create{words}{kind.name}", kind.gvk, parameters.WRITE, own, tag, own, BODIES, made
        )
    if "deletecollection" in kind.verbs:
        name = f"delete{words.removesuffix('Namespaced')}Collection{'Namespaced' * kind.namespaced}{kind.name}"
        query = (*parameters.SELECTION, *parameters.DELETE)
        yield Operation(path, "delete", "deletecollection", name, kind.gvk, query, lists, tag, DELETE_OPTIONS, BODIES)
    if kind.namespaced and "list" in kind.verbs:
        name = f"list{words.removesuffix('Namespaced')}{kind.name}ForAllNamespaces"
        yield Operation(kind.path(), "get", "list", name, kind.gvk, parameters.LIST, lists, tag)


def _single(kind: AnyKind) -> Iterator[Operation]:
    path, words, own, tag = _path(kind, "{name}"), _words(kind), schema_of(kind), kind.api_version
    if "get" in kind.verbs:
        yield Operation(path, "get", "get", f"read{words}{kind.name}", kind.gvk, (parameters.PRETTY,), own, tag)
    if "update" in kind.verbs:
        yield Operation(
            path,
            "put",
            "put",
            f"replace{words}{kind.name}",
            kind.gvk,
            parameters.WRITE,
            own,
            tag,
            own,
            BODIES,
            (200, 201),
        )
    if "patch" in kind.verbs:
        yield _patch(kind, path, f"patch{words}{kind.name}", own, kind.gvk)
    if "delete" in kind.verbs:
        answer = own if kind.is_returned_by_deletion else STATUS
        name = f"delete{words}{kind.name}"
        yield Operation(
            path, "delete", "delete", name, kind.gvk, parameters.DELETE, answer, tag, DELETE_OPTIONS, BODIES, (200, 202)
        )


def _patch(kind: AnyKind, path: str, name: str, answer: str, gvk: GroupVersionKind) -> Operation:
    types = PATCHES if is_typed(kind) else PATCHES[:-1]
    return Operation(
        path,
        "patch",
        "patch",
        name,
        gvk,
        (*parameters.WRITE, parameters.FORCE),
        answer,
        kind.api_version,
        PATCH,
        types,
        (200, 201),
    )


def _subresource(kind: AnyKind, name: str, subresource: Subresource) -> Iterator[Operation]:
    path = _path(kind, "{name}", name)
    gvk = subresource.exchanged or kind.gvk
    exchanged = exchanged_schema(gvk) if subresource.exchanged else schema_of(kind)
    for method in subresource.methods:
        operation_id = f"{_VERB_OF[method]}{_words(kind)}{kind.name}{name.title()}"
        if name in _CONNECTIONS:
            yield from _connection(kind, name, method, gvk)
        elif name == LOG:
            query = OF_SUBRESOURCE[name]
            yield Operation(path, "get", "get", operation_id, gvk, query, "", kind.api_version, media="text/plain")
        elif method == "PATCH":
            yield _patch(kind, path, operation_id, exchanged, gvk)
        elif method == "GET":
            yield Operation(path, "get", "get", operation_id, gvk, (parameters.PRETTY,), exchanged, kind.api_version)
        else:
            codes = (200, 201, 202) if method == "POST" else (200, 201)
            action = _ACTION_OF[method]
            yield Operation(
                path,
                method.lower(),
                action,
                operation_id,
                gvk,
                parameters.WRITE,
                exchanged,
                kind.api_version,
                exchanged,
                BODIES,
                codes,
            )


def _connection(kind: AnyKind, name: str, method: str, gvk: GroupVersionKind) -> Iterator[Operation]:
    """Yield what opens a connection with one method; to a proxy also with a path behind it."""
    path, words, query = _path(kind, "{name}", name), _words(kind), OF_SUBRESOURCE.get(name, ())
    words = f"{words.removesuffix('Namespaced')}{method.title()}{'Namespaced' * kind.namespaced}"
    operation_id = f"connect{words}{kind.name}{name.title()}"
    yield Operation(path, method.lower(), "connect", operation_id, gvk, query, "", kind.api_version)
    if name == PROXY:
        there, longer_id = f"{path}/{{path}}", f"{operation_id}WithPath"
        yield Operation(there, method.lower(), "connect", longer_id, gvk, query, "", kind.api_version)


def _path(kind: AnyKind, name: str | None = None, subresource: str | None = None) -> str:
    return kind.path("{namespace}" if kind.namespaced else None, name, subresource)


def is_typed(kind: AnyKind) -> bool:
    """Whether the kind's objects have a Python type of their own; those of custom kinds have a schema instead."""
    return issubclass(kind.type, msgspec.Struct)


def schema_of(kind: AnyKind) -> str:
    """Return the name of a kind's schema."""
    if is_typed(kind):
        return schema_name(kind.type)
    return f"{'.'.join(reversed(kind.group.split('.')))}.{kind.version}.{kind.name}"


def list_schema_of(kind: AnyKind) -> str:
    """Return the name of the schema of a kind's lists."""
    return f"{schema_of(kind)}List"


def exchanged_schema(gvk: GroupVersionKind) -> str:
    """Return the name of the schema of what a subresource exchanges."""
    group = gvk.group.partition(".")[0] or "core"
    return f"io.k8s.api.{group}.{gvk.version}.{gvk.kind}"
