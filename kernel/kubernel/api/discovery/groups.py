"""The order of groups and versions: clients take the first group that has a resource, and a group's first version.

Source: kube-apiserver's priorities of API groups; apimachinery's ``version.CompareKubeAwareVersionStrings``.
"""

import re
from collections.abc import Iterable, Iterator

from kubernel.objects.registry import AnyKind, Registry

__all__ = ["by_group", "version_rank"]

_ORDER = (
    "",
    "apiregistration.k8s.io",
    "apps",
    "events.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "scheduling.k8s.io",
    "coordination.k8s.io",
    "node.k8s.io",
    "discovery.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "resource.k8s.io",
    "storagemigration.k8s.io",
    "kubernel.dev",
)
_PLACES = {group: place for place, group in enumerate(_ORDER)}
_VERSION = re.compile(r"v(?P<major>\d+)(?:(?P<stage>alpha|beta)(?P<minor>\d+))?", re.ASCII)
_STAGES = {"alpha": 0, "beta": 1, None: 2}

Group = tuple[str, dict[str, list[AnyKind]]]


def version_rank(version: str) -> tuple[int, int, int, str]:
    """Return a key that sorts the preferred version last: ``v1alpha1`` < ``v2beta1`` < ``v1`` < ``v10``.

    What is no such version comes before all, in the reverse order of the alphabet.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        return (-1, 0, 0, "".join(chr(0x10FFFF - ord(c)) for c in version))
    return (_STAGES[match["stage"]], int(match["major"]), int(match["minor"] or 0), "")


def by_group(registry: Registry) -> Iterator[Group]:
    """Yield each group with its kinds by version, groups and versions in the order in which clients prefer them."""
    found: dict[str, dict[str, list[AnyKind]]] = {}
    for kind in registry:
        found.setdefault(kind.group, {}).setdefault(kind.version, []).append(kind)
    for group in sorted(found, key=lambda name: (_PLACES.get(name, len(_PLACES)), name)):
        yield group, {version: found[group][version] for version in preferred_first(found[group])}


def preferred_first(versions: Iterable[str]) -> list[str]:
    """Return versions in the order in which clients prefer them."""
    return sorted(versions, key=version_rank, reverse=True)
