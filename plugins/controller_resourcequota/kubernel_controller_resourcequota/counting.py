"""The objects that quotas count: one watch for each kind and namespace that a quota bounds, and no others."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kubernel.client import Client, Informer, PartialObject, PartialSource, ServedResource, served_resources
from kubernel.objects.kinds.core.persistent_volume_claim import PERSISTENT_VOLUME_CLAIM
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.registry import AnyKind

__all__ = ["Counted", "Counting"]

_TYPED = {kind.resource: kind for kind in (POD, SERVICE, PERSISTENT_VOLUME_CLAIM)}
"""What takes more than one of something; of other objects the metadata is enough."""

_LISTABLE = frozenset({"list", "watch"})


@dataclass(frozen=True, slots=True)
class Counted:
    """The objects of one kind in one namespace."""

    kind: AnyKind
    objects: Iterable[Any]


@dataclass(frozen=True, slots=True)
class _Followed:
    kind: AnyKind
    informer: Informer[Any]
    task: asyncio.Task[None]


class Counting:
    """Follows what quotas count.

    Args:
        client: The API.
        changed: Called with a namespace when something that is counted there came, went or changed.
    """

    def __init__(self, client: Client, changed: Callable[[str], None]) -> None:
        self._client = client
        self._changed = changed
        self._followed: dict[tuple[str, str], _Followed] = {}

    async def follow(self, namespace: str, names: Iterable[str]) -> list[Counted]:
        """Return the objects of a namespace that resources of quotas count; follow these and no others from now on.

        Args:
            namespace: The namespace.
            names: What its quotas bound, such as ``pods`` and ``count/jobs.batch``.
        """
        wanted = set(filter(None, map(_resource, names)))
        served = {_name(found): found for found in await self._served(wanted)}
        mine = [place for place in self._followed if place[0] == namespace]
        await self._stop([place for place in mine if place[1] not in wanted])
        for resource in sorted(wanted):
            if (namespace, resource) not in self._followed and (found := served.get(resource)) is not None:
                self._start(namespace, resource, found)
        followed = [self._followed[place] for place in self._followed if place[0] == namespace]
        await asyncio.gather(*(one.informer.synced.wait() for one in followed))
        return [Counted(one.kind, one.informer.items.values()) for one in followed]

    async def close(self) -> None:
        """Follow nothing any more."""
        await self._stop(list(self._followed))

    async def _served(self, wanted: set[str]) -> list[ServedResource]:
        known = {resource for _, resource in self._followed} | _TYPED.keys()
        if wanted <= known and not wanted - _TYPED.keys():
            return [_as_served(_TYPED[resource]) for resource in wanted]
        return [found for found in await served_resources(self._client) if found.verbs >= _LISTABLE]

    def _start(self, namespace: str, resource: str, found: ServedResource) -> None:
        kind: AnyKind = _TYPED.get(resource) or found.as_kind()
        source: Any = self._client if resource in _TYPED else PartialSource(self._client, found)
        informer: Informer[Any] = Informer(source, kind.type if resource in _TYPED else PartialObject, namespace)
        informer.on_change(lambda _old, _new: self._changed(namespace))
        task = asyncio.create_task(informer.run(), name=f"count {resource} in {namespace}")
        self._followed[namespace, resource] = _Followed(kind, informer, task)

    async def _stop(self, places: list[tuple[str, str]]) -> None:
        tasks = [self._followed.pop(place).task for place in places]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _resource(name: str) -> str:
    """Return the resource whose objects a quota's name counts: ``count/jobs.batch`` → ``jobs.batch``."""
    if name.startswith("count/"):
        return name.removeprefix("count/")
    if name in {"secrets", "configmaps", "replicationcontrollers", "resourcequotas"}:
        return name
    if name.startswith("services"):
        return "services"
    if name.endswith(("persistentvolumeclaims", "requests.storage")):
        return "persistentvolumeclaims"
    return "pods"


def _name(resource: ServedResource) -> str:
    return f"{resource.plural}.{resource.group}" if resource.group else resource.plural


def _as_served(kind: AnyKind) -> ServedResource:
    return ServedResource(kind.group, kind.version, kind.name, kind.plural, kind.namespaced, _LISTABLE, (kind.version,))
