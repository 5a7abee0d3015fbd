"""The heartbeat: one Lease a node in ``kube-node-lease``, renewed again and again.

A Lease is a few hundred bytes where a node's status is kilobytes; that is why a heartbeat is a Lease. The renewals of
thousands of nodes are spread over the whole period.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from kubernel.client import Client, Unreachable
from kubernel.objects.errors import StatusError
from kubernel.objects.models import coordination, core, meta

from kubernel_node_agent.pods.reading import utc_now
from kubernel_node_agent.settings import NodeSettings

__all__ = ["Heartbeat"]

NAMESPACE = "kube-node-lease"
_NOT_FOUND, _CONFLICT = 404, 409
_BATCH_S = 0.1
"""Nodes whose turn comes within so short a time are renewed together."""


class Heartbeat:
    """Renews the Leases of some nodes."""

    def __init__(self, client: Client, names: Iterable[str], settings: NodeSettings) -> None:
        self._client = client
        self._names = tuple(names)
        self._settings = settings

    async def beat_once(self) -> None:
        """Renew every Lease, a few at a time.

        Raises:
            StatusError: The API server refused.
            Unreachable: The API server is away.
        """
        for batch in self._batches():
            async with asyncio.TaskGroup() as group:
                for name in batch:
                    group.create_task(self._renew(name))

    async def run(self) -> None:
        """Renew until cancelled. What fails is tried again in the next round; four rounds fit into a Lease."""
        batches = list(self._batches())
        while True:
            for batch in batches:
                await asyncio.sleep(self._settings.lease_period_s / len(batches))
                await asyncio.gather(*(self._try_to_renew(name) for name in batch))

    def _batches(self) -> Iterable[tuple[str, ...]]:
        size = max(1, round(len(self._names) * _BATCH_S / self._settings.lease_period_s))
        return (self._names[start : start + size] for start in range(0, len(self._names), size))

    async def _try_to_renew(self, name: str) -> None:
        try:
            await self._renew(name)
        except (StatusError, Unreachable):
            return

    async def _renew(self, name: str) -> None:
        now = utc_now()
        try:
            await self._client.patch(coordination.Lease, name, {"spec": {"renewTime": _micro(now)}}, NAMESPACE)
        except StatusError as error:
            if error.code != _NOT_FOUND:
                raise
            await self._create(name, now)

    async def _create(self, name: str, now: datetime) -> None:
        node = await self._client.get(core.Node, name)
        owner = meta.OwnerReference(
            apiVersion="v1", kind="Node", name=name, uid=(node.metadata.uid if node.metadata else None) or ""
        )
        lease = coordination.Lease(
            apiVersion="coordination.k8s.io/v1",
            kind="Lease",
            metadata=meta.ObjectMeta(name=name, namespace=NAMESPACE, ownerReferences=[owner]),
            spec=coordination.LeaseSpec(
                holderIdentity=name, leaseDurationSeconds=self._settings.lease_duration_s, renewTime=now
            ),
        )
        try:
            await self._client.create(lease)
        except StatusError as error:
            if error.code == _CONFLICT:
                return
            raise


def _micro(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
