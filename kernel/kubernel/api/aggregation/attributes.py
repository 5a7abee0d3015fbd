"""What a request to somebody else's group is about: read from the path, as it would be for a kind of our own."""

from collections.abc import Mapping

from kubernel.plugin.hooks import Attributes, Identity

__all__ = ["attributes_of"]

_ONE = {"GET": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "POST": "create"}
_MANY = {"GET": "list", "POST": "create", "DELETE": "deletecollection", "PUT": "update", "PATCH": "patch"}


def attributes_of(identity: Identity, method: str, path: str, query: Mapping[str, str]) -> Attributes:
    """Return what the authoriser is asked.

    Args:
        identity: Who asks.
        method: The HTTP method.
        path: ``/apis/GROUP/VERSION`` and what comes after it.
        query: The query parameters.
    """
    _, _, group, version, *rest = path.rstrip("/").split("/")
    if not rest:
        return Attributes(identity, method.lower(), path)
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    resource, name, subresource = [*rest[:2], "/".join(rest[2:]), "", ""][:3]
    verb = (_ONE if name else _MANY).get(method, method.lower())
    if verb == "list" and query.get("watch", "false").lower() in ("", "1", "true"):
        verb = "watch"
    return Attributes(identity, verb, path, group, version, resource, subresource, namespace, name)
