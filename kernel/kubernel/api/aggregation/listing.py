"""Groups that others serve, as discovery shows them: from what their servers said when they were asked last."""

from collections.abc import Iterable

from kubernel.api.aggregation.remotes import Remote, Remotes
from kubernel.objects.models import Plain

__all__ = ["by_group", "discovered"]


def by_group(remotes: Remotes) -> dict[str, list[Remote]]:
    """Return the versions of each group that others serve, groups and versions of the highest priority first."""
    found: dict[str, list[Remote]] = {}
    for remote in sorted(remotes, key=lambda one: (-one.priority[0], one.group, -one.priority[1], one.version)):
        found.setdefault(remote.group, []).append(remote)
    return found


def discovered(remote: Remote) -> Plain:
    """Return a version as the aggregated form of discovery has it; a server that is away leaves what it said before."""
    return {
        "version": remote.version,
        "resources": list(_resources(remote)),
        "freshness": "Current" if remote.is_available else "Stale",
    }


def _resources(remote: Remote) -> Iterable[Plain]:
    whole = {r["name"]: r for r in remote.resources if "/" not in r.get("name", "/")}
    for name, resource in whole.items():
        entry: Plain = {
            "resource": name,
            "responseKind": _kind(remote, resource),
            "scope": "Namespaced" if resource.get("namespaced") else "Cluster",
            "singularResource": resource.get("singularName", ""),
            "verbs": list(resource.get("verbs") or ()),
        }
        for key in ("shortNames", "categories"):
            if resource.get(key):
                entry[key] = resource[key]
        if parts := [_subresource(remote, r) for r in remote.resources if r.get("name", "").startswith(f"{name}/")]:
            entry["subresources"] = parts
        yield entry


def _subresource(remote: Remote, resource: Plain) -> Plain:
    return {
        "subresource": resource["name"].partition("/")[2],
        "responseKind": _kind(remote, resource),
        "verbs": list(resource.get("verbs") or ()),
    }


def _kind(remote: Remote, resource: Plain) -> Plain:
    return {
        "group": resource.get("group") or remote.group,
        "version": resource.get("version") or remote.version,
        "kind": resource.get("kind", ""),
    }
