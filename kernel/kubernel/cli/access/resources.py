"""Which resources the server has, and what people call them.

``po``, ``pod``, ``pods``, ``Pod``, ``leases.coordination.k8s.io`` and ``leases.v1.coordination.k8s.io`` all name a
resource; the server's aggregated discovery says so in two requests. Source: Kubernetes'
``apidiscovery.k8s.io/v2`` and kubectl's REST mapper.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kubernel.cli.access.connection import Connection, Plain
from kubernel.cli.errors import Failure

__all__ = ["Resource", "Resources"]

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object, as the server offers it.

    Attributes:
        group, version, plural, singular, kind: Its names; the core group is empty.
        namespaced: Whether its objects live in namespaces.
        short_names, categories: What else it is called, and the families (``all``) that it belongs to.
        subresources: Their names, such as ``scale``.
    """

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """``v1`` or ``group/version``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def full_name(self) -> str:
        """``pods``, ``leases.coordination.k8s.io``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def label(self) -> str:
        """How messages name one: ``pod``, ``lease.coordination.k8s.io``."""
        return f"{self.singular}.{self.group}" if self.group else self.singular

    def names(self) -> set[str]:
        """Return every word, in lower case, that means this resource."""
        words = {self.plural, self.singular, self.kind.lower(), *self.short_names}
        if self.group:
            words |= {f"{word}.{end}" for word in tuple(words) for end in (self.group, f"{self.version}.{self.group}")}
        return words

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """Return the URL path of the collection, of one object or of a subresource."""
        parts = [f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        return "/".join([*parts, self.plural, *filter(None, (name, subresource))])


class Resources:
    """The server's resources, in its order of preference."""

    def __init__(self, resources: Iterator[Resource]) -> None:
        self._all = tuple(resources)

    @classmethod
    def discover(cls, connection: Connection) -> "Resources":
        """Ask the server."""
        documents = [connection.get(root, accept=AGGREGATED) for root in ("/api", "/apis")]
        return cls(resource for document in documents for resource in _read(document))

    def named(self, word: str) -> tuple[Resource, ...]:
        """Return what the word means: one resource, or all of a category.

        Raises:
            Failure: Nothing is called so.
        """
        wanted = word.lower()
        for resource in self._all:
            if wanted in resource.names():
                return (resource,)
        family = tuple(resource for resource in self._all if wanted in resource.categories)
        if not family:
            raise Failure(f'the server doesn\'t have a resource type "{word}"')
        return family

    def one(self, word: str) -> Resource:
        """Return the one resource that the word means; a category is refused."""
        found = self.named(word)
        if len(found) > 1:
            raise Failure(f'"{word}" means several types; name one of {", ".join(r.plural for r in found)}')
        return found[0]

    def of_object(self, document: Plain) -> Resource:
        """Return the resource that a manifest belongs to.

        Raises:
            Failure: The server has no such kind.
        """
        api_version, kind = document.get("apiVersion", ""), document.get("kind", "")
        for resource in self._all:
            if (resource.api_version, resource.kind) == (api_version, kind):
                return resource
        raise Failure(f'no matches for kind "{kind}" in version "{api_version}"')


def _read(document: Plain) -> Iterator[Resource]:
    for group in document.get("items") or ():
        # Only the preferred version, which comes first: an older one of the same resource has nothing to add here.
        for version in (group.get("versions") or ())[:1]:
            for entry in version.get("resources") or ():
                yield _resource(group["metadata"].get("name", ""), version["version"], entry)


def _resource(group: str, version: str, entry: Plain) -> Resource:
    kind: str = entry["responseKind"]["kind"]
    return Resource(
        group=group,
        version=version,
        plural=entry["resource"],
        singular=entry.get("singularResource") or kind.lower(),
        kind=kind,
        namespaced=entry.get("scope") == "Namespaced",
        short_names=tuple(entry.get("shortNames") or ()),
        categories=tuple(entry.get("categories") or ()),
        subresources=tuple(sub["subresource"] for sub in entry.get("subresources") or ()),
    )
