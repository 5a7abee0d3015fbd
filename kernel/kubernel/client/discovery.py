"""What a server serves: for actors that care for objects of kinds which they do not know beforehand.

Two requests, whatever the number of groups: the aggregated form of discovery.
"""

from typing import Any

import msgspec

from kubernel.client.client import Client
from kubernel.objects.kind import Kind
from kubernel.objects.models import meta

__all__ = ["PartialObject", "ServedResource", "served_resources"]

_ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class PartialObject(msgspec.Struct, omit_defaults=True):
    """An object of any kind, as far as every object is alike (``PartialObjectMetadata``)."""

    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None
    metadata: meta.ObjectMeta | None = None


class ServedResource(msgspec.Struct, frozen=True):
    """One resource at its preferred version.

    Attributes:
        group, version, kind, plural: Its names.
        namespaced: Whether its objects live in namespaces.
        verbs: What can be done with them.
        versions: Every version in which the group has it, the preferred one first.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]
    versions: tuple[str, ...]

    @property
    def api_version(self) -> str:
        """``v1`` or ``group/version``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of a collection or of one object; no namespace means all of them, or none."""
        return self.as_kind().path(namespace or None, name or None)

    def as_kind(self) -> Kind[PartialObject]:
        """Return what addresses the resource's objects, of which nothing but the metadata is known."""
        return Kind(
            type=PartialObject,
            group=self.group,
            version=self.version,
            name=self.kind,
            plural=self.plural,
            singular=self.kind.lower(),
            namespaced=self.namespaced,
        )


async def served_resources(client: Client) -> list[ServedResource]:
    """Return every resource that can be addressed, each once, in the server's order of preference.

    Raises:
        StatusError: The server refused.
        Unreachable: It did not answer.
    """
    found: dict[tuple[str, str], ServedResource] = {}
    for path in ("/api", "/apis"):
        document = msgspec.json.decode((await client.request("GET", path, accept=_ACCEPT)).body)
        for item in document["items"]:
            for version in item["versions"]:
                for entry in version.get("resources") or ():
                    resource = _resource(item["metadata"].get("name") or "", version["version"], entry)
                    key = (resource.group, resource.plural)
                    known = found.setdefault(key, resource)
                    if known is not resource:
                        versions = (*known.versions, resource.version)
                        found[key] = msgspec.structs.replace(known, versions=versions)
    return list(found.values())


def _resource(group: str, version: str, entry: dict[str, Any]) -> ServedResource:
    return ServedResource(
        group,
        version,
        entry["responseKind"]["kind"],
        entry["resource"],
        entry["scope"] == "Namespaced",
        frozenset(entry["verbs"]),
        (version,),
    )
