"""Discovery: which groups, versions and resources are served, in the aggregated form and the older one."""

import base64
import hashlib
from collections.abc import Iterable

from kubernel.api.aggregation.listing import by_group as remotes_by_group
from kubernel.api.aggregation.listing import discovered
from kubernel.api.aggregation.remotes import Remote, Remotes
from kubernel.api.discovery.groups import by_group
from kubernel.api.subresources.table import Subresource, subresources_of
from kubernel.objects import codec
from kubernel.objects.errors import unavailable
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind, Registry

__all__ = ["Discovery", "aggregated_version"]

_AGGREGATED = "apidiscovery.k8s.io"


def aggregated_version(accept: str) -> str:
    """Return in which version a client wants the aggregated form, ``v2`` or ``v2beta1``; empty for the older form."""
    for offer in accept.split(","):
        parameters = {part.strip() for part in offer.split(";")[1:]}
        if {"as=APIGroupDiscoveryList", f"g={_AGGREGATED}"} <= parameters:
            for version in ("v2", "v2beta1"):
                if f"v={version}" in parameters:
                    return version
    return ""


class Discovery:
    """The documents, made of the kinds that are served at the moment and of the groups that others serve."""

    def __init__(self, registry: Registry, remotes: Remotes) -> None:
        self._registry = registry
        self._remotes = remotes

    def _groups(self) -> dict[str, dict[str, list[AnyKind]]]:
        """Return what this server itself serves."""
        groups = dict(by_group(self._registry))
        for remote in self._remotes:
            groups.get(remote.group, {}).pop(remote.version, None)
        return groups

    def _versions(self) -> dict[str, list[str]]:
        """Return every group but the core one with its versions, whoever serves them."""
        found = {group: list(versions) for group, versions in self._groups().items() if group and versions}
        for group, remotes in remotes_by_group(self._remotes).items():
            found.setdefault(group, []).extend(remote.version for remote in remotes)
        return found

    def aggregated(self, of_version: str, *, core: bool) -> bytes:
        """Return the ``APIGroupDiscoveryList`` of ``/api`` or of ``/apis``.

        Args:
            of_version: ``v2`` or ``v2beta1``; both have the same members.
            core: Whether it is the core group that is asked for.
        """
        items = [
            {
                "metadata": {"name": group, "creationTimestamp": None} if group else {"creationTimestamp": None},
                "versions": [
                    {"version": version, "resources": [_aggregated(kind) for kind in kinds], "freshness": "Current"}
                    for version, kinds in versions.items()
                ],
            }
            for group, versions in self._groups().items()
            if (not group) is core and versions
        ]
        if not core:
            self._add_remote(items)
        api_version = f"{_AGGREGATED}/{of_version}"
        return codec.encode_plain(
            {"kind": "APIGroupDiscoveryList", "apiVersion": api_version, "metadata": {}, "items": items}
        )

    def _add_remote(self, items: list[Plain]) -> None:
        known = {item["metadata"]["name"]: item for item in items}
        for group, remotes in remotes_by_group(self._remotes).items():
            versions = [discovered(remote) for remote in remotes]
            if group in known:
                known[group]["versions"] += versions
            else:
                items.append({"metadata": {"name": group, "creationTimestamp": None}, "versions": versions})

    def core_versions(self, address: str) -> bytes:
        """Return the ``APIVersions`` of ``/api``."""
        addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
        versions = list(self._groups().get("", {}))
        return codec.encode_plain(
            {"kind": "APIVersions", "versions": versions, "serverAddressByClientCIDRs": addresses}
        )

    def group_list(self) -> bytes:
        """Return the ``APIGroupList`` of ``/apis``."""
        groups = [_group(name, versions) for name, versions in self._versions().items()]
        return codec.encode_plain({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})

    def group(self, name: str) -> bytes | None:
        """Return the ``APIGroup`` of ``/apis/NAME``; ``None`` when it is not served."""
        versions = self._versions().get(name)
        if not versions:
            return None
        return codec.encode_plain({"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)})

    def resources(self, group: str, of_version: str) -> bytes | None:
        """Return the ``APIResourceList`` of one group version; ``None`` when it is not served.

        Raises:
            StatusError: 503, somebody else serves it and is away.
        """
        remote = self._remotes.find(group, of_version)
        if remote is not None:
            return _listed(remote)
        kinds = self._groups().get(group, {}).get(of_version)
        if not kinds:
            return None
        resources = [entry for kind in kinds for entry in _entries(kind)]
        return codec.encode_plain(
            {
                "kind": "APIResourceList",
                "apiVersion": "v1",
                "groupVersion": kinds[0].api_version,
                "resources": resources,
            }
        )


def _listed(remote: Remote) -> bytes:
    if not remote.is_available:
        raise unavailable("service unavailable")
    body = {"groupVersion": f"{remote.group}/{remote.version}", "resources": remote.resources}
    return codec.encode_plain({"kind": "APIResourceList", "apiVersion": "v1", **body})


def _group(name: str, versions: Iterable[str]) -> Plain:
    listed = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


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
    if subresources := subresources_of(kind):
        entry["subresources"] = [_aggregated_subresource(kind, *named) for named in subresources.items()]
    return entry


def _aggregated_subresource(kind: AnyKind, name: str, subresource: Subresource) -> Plain:
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
    if "list" in kind.verbs:
        entry["storageVersionHash"] = _storage_hash(kind)
    yield entry
    for name, subresource in subresources_of(kind).items():
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


def _storage_hash(kind: AnyKind) -> str:
    """Return what changes when objects are stored in another form (storage migrators compare it)."""
    stored = kind.view.of if kind.view is not None else kind
    digest = hashlib.sha256(f"{stored.group}/{stored.version}/{stored.name}".encode()).digest()
    return base64.b64encode(digest[:8]).decode()
