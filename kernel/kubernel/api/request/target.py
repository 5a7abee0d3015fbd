"""Which object a path names: the kind, the namespace, the name, the subresource, and the verb."""

import msgspec

from kubernel.objects.errors import path_not_found
from kubernel.objects.registry import AnyKind, Registry

__all__ = ["Target", "parse_target"]

PROXY = "proxy"
"""The one subresource below which further paths lie: those of whoever answers there."""

_NAMESPACE_SUBRESOURCES = frozenset({"status", "finalize"})


class Target(msgspec.Struct, frozen=True):
    """What a request is about.

    Attributes:
        kind: The kind.
        namespace: Empty for cluster-scoped kinds and for lists over all namespaces.
        name: Empty for the collection.
        subresource: Empty for the object itself.
    """

    kind: AnyKind
    namespace: str
    name: str
    subresource: str


def parse_target(registry: Registry, group: str, version: str, rest: str) -> Target:
    """Parse what follows ``/api/v1/`` or ``/apis/GROUP/VERSION/``.

    Args:
        registry: The served kinds.
        group: The API group; empty for the core group.
        version: The API version.
        rest: Such as ``namespaces/default/pods/web-1/log``.

    Raises:
        StatusError: 404, nothing is served there.
    """
    parts = rest.split("/")
    namespace = ""
    # `namespaces/x/pods` is a namespace's collection; `namespaces/x` and `namespaces/x/status` are the namespace.
    if parts[0] == "namespaces" and len(parts) > 2 and parts[2] not in _NAMESPACE_SUBRESOURCES:
        namespace, parts = parts[1], parts[2:]
        if not namespace:
            raise path_not_found()
    kind = registry.at_path(group, version, parts[0])
    if len(parts) > 3 and parts[2] == PROXY:
        parts = parts[:3]
    if kind is None or len(parts) > 3 or (namespace and not kind.namespaced):
        raise path_not_found()
    name = parts[1] if len(parts) > 1 else ""
    if len(parts) > 1 and (not name or (kind.namespaced and not namespace)):
        raise path_not_found()
    return Target(kind, namespace, name, parts[2] if len(parts) > 2 else "")
