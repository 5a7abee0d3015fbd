"""What is in a namespace: every namespaced kind that the server has, found by discovery.

Plain requests, because the kinds are not known beforehand: a third party's are emptied like any other.
"""

from typing import Any

import msgspec
from kubernel.client import Client

__all__ = ["Resource", "count", "delete_all", "namespaced_resources"]

NEEDED_VERBS = frozenset({"list", "deletecollection"})


class Resource(msgspec.Struct, frozen=True):
    """One namespaced resource: the path of its group version, and its plural."""

    root: str
    plural: str

    def path(self, namespace: str) -> str:
        """Return the path of its collection in a namespace."""
        return f"{self.root}/namespaces/{namespace}/{self.plural}"


async def namespaced_resources(client: Client) -> list[Resource]:
    """Return every resource that lives in namespaces and can be emptied."""
    roots = ["/api/v1"]
    for group in (await _get(client, "/apis"))["groups"]:
        roots += [f"/apis/{version['groupVersion']}" for version in group["versions"]]
    return [
        Resource(root, entry["name"])
        for root in roots
        for entry in (await _get(client, root))["resources"]
        if entry["namespaced"] and "/" not in entry["name"] and set(entry["verbs"]) >= NEEDED_VERBS
    ]


async def delete_all(client: Client, resource: Resource, namespace: str) -> None:
    """Delete every object of one resource; those with grace or finalizers stay for a while."""
    options = {"propagationPolicy": "Background"}
    await client.request("DELETE", resource.path(namespace), body=options)


async def count(client: Client, resource: Resource, namespace: str) -> int:
    """Return how many objects of one resource are left."""
    listed = await _get(client, f"{resource.path(namespace)}", limit="1")
    return len(listed["items"]) + int(listed["metadata"].get("remainingItemCount", 0))


async def _get(client: Client, path: str, **query: str) -> dict[str, Any]:
    answer = await client.request("GET", path, query=query)
    decoded: dict[str, Any] = msgspec.json.decode(answer.body)
    return decoded
