"""Discovery: which groups, versions and resources are served, in the aggregated form and the older one."""

from collections.abc import Iterable

from kubernel import __version__
from kubernel.api.subresources.table import SUBRESOURCES, subresources_of
from kubernel.objects import codec
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind, Registry

__all__ = ["AGGREGATED", "Discovery", "version"]

KUBERNETES = ("1", "37")
"""The Kubernetes release whose API this is (the one that the types are generated from)."""

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def version() -> Plain:
    """Return the answer to ``/version``, which clients use for version skew."""
    major, minor = KUBERNETES
    return {
        "major": major,
        "minor": minor,
        "gitVersion": f"v{major}.{minor}.0+kubernel.{__version__}",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "",
        "platform": "linux/amd64",
    }


class Discovery:
    """The documents, made from the registry when they are first asked for; kinds do not change while a server runs."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def groups(self) -> list[str]:
        """Return the names of the groups, the core group not among them."""
        return sorted({kind.group for kind in self._registry if kind.group})

    def kinds(self, group: str, of_version: str) -> list[AnyKind]:
        """Return the kinds of one group version."""
        return [kind for kind in self._registry if (kind.group, kind.version) == (group, of_version)]

    def aggregated(self, *, core: bool) -> bytes:
        """Return the ``APIGroupDiscoveryList`` of ``/api`` or of ``/apis``."""
        items = []
        for group in [""] if core else self.groups():
            versions = [
                {"version": v, "resources": [_aggregated(k) for k in self.kinds(group, v)], "freshness": "Current"}
                for v in self._versions(group)
            ]
            items.append({"metadata": {"name": group or None, "creationTimestamp": None}, "versions": versions})
        return codec.encode_plain(
            {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}
        )

    def core_versions(self, address: str) -> bytes:
        """Return the ``APIVersions`` of ``/api``."""
        addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
        return codec.encode_plain(
            {"kind": "APIVersions", "versions": self._versions(""), "serverAddressByClientCIDRs": addresses}
        )

    def group_list(self) -> bytes:
        """Return the ``APIGroupList`` of ``/apis``."""
        groups = [self._group(group) for group in self.groups()]
        return codec.encode_plain({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})

    def group(self, name: str) -> bytes | None:
        """Return the ``APIGroup`` of ``/apis/NAME``; ``None`` when it is not served."""
        if name not in self.groups():
            return None
        return codec.encode_plain({"kind": "APIGroup", "apiVersion": "v1", **self._group(name)})

    def resources(self, group: str, of_version: str) -> bytes | None:
        """Return the ``APIResourceList`` of one group version; ``None`` when it is not served."""
        kinds = self.kinds(group, of_version)
        if not kinds:
            return None
        resources = [entry for kind in kinds for entry in _entries(kind)]
        name = f"{group}/{of_version}" if group else of_version
        return codec.encode_plain(
            {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": resources}
        )

    def _versions(self, group: str) -> list[str]:
        return sorted({kind.version for kind in self._registry if kind.group == group})

    def _group(self, name: str) -> Plain:
        versions = [{"groupVersion": f"{name}/{v}", "version": v} for v in self._versions(name)]
        return {"name": name, "versions": versions, "preferredVersion": versions[-1]}


def _aggregated(kind: AnyKind) -> Plain:
    entry: Plain = {
        "resource": kind.plural,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.name},
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular,
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if kind.categories:
        entry["categories"] = list(kind.categories)
    if subresources := [_aggregated_subresource(kind, name) for name in subresources_of(kind)]:
        entry["subresources"] = subresources
    return entry


def _aggregated_subresource(kind: AnyKind, name: str) -> Plain:
    subresource = SUBRESOURCES[name]
    of = subresource.exchanged or kind.gvk
    response = {"group": of.group, "version": of.version, "kind": of.kind}
    return {"subresource": name, "responseKind": response, "verbs": subresource.verbs}


def _entries(kind: AnyKind) -> Iterable[Plain]:
    entry: Plain = {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.name,
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if kind.categories:
        entry["categories"] = list(kind.categories)
    yield entry
    for name in subresources_of(kind):
        subresource = SUBRESOURCES[name]
        of = subresource.exchanged or kind.gvk
        subentry: Plain = {
            "name": f"{kind.plural}/{name}",
            "singularName": "",
            "namespaced": kind.namespaced,
            "kind": of.kind,
            "verbs": subresource.verbs,
        }
        if of != kind.gvk:
            subentry |= {"group": of.group, "version": of.version}
        yield subentry
