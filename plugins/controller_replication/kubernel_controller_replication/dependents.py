"""What becomes of the pods of a replication controller that is deleted.

- ``Background`` (kubectl's default): the server removes the controller at once; pods that name a controller which no
  longer exists are deleted here.
- ``Foreground``: the server sets the finalizer ``foregroundDeletion``; the pods are deleted first, then the finalizer
  is taken off and the controller goes.
- ``Orphan`` (the API's default for this kind): the finalizer ``orphan``; the owner references are taken off, then it.

This is the part of Kubernetes' garbage collector that this kind needs. Whether an owner is gone is asked of the server,
not of the cache, because a cache that lags would kill living pods.
"""

import asyncio
from typing import NamedTuple, Self

from kubernel.client import Client, PatchType, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.objects.owners import controller_uid

from kubernel_controller_replication.claims import release
from kubernel_controller_replication.view import View

__all__ = ["Dependents", "Owner"]

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
NOT_FOUND, INVALID = 404, 422


class Owner(NamedTuple):
    """A replication controller as its pods name it."""

    namespace: str
    name: str
    uid: str

    @classmethod
    def of(cls, controller: core.ReplicationController) -> Self:
        """Return how pods name this one."""
        about = metadata_of(controller)
        return cls(about.namespace or "", about.name or "", about.uid or "")


class Dependents:
    """Cares for the pods of owners that go or are gone."""

    def __init__(self, client: Client, view: View) -> None:
        self._client = client
        self._view = view

    async def collect(self, owner: Owner) -> None:
        """Delete the pods of an owner that no longer exists."""
        pods = [pod for pod in self._view.pods_of(owner.uid) if metadata_of(pod).deletionTimestamp is None]
        if pods and not await self._exists(owner):
            await asyncio.gather(*(self._drop(pod, owner) for pod in pods))

    async def let_go(self, controller: core.ReplicationController) -> None:
        """Do what the finalizers of a controller that is being deleted ask for; called again when a pod went."""
        about = metadata_of(controller)
        finalizers = about.finalizers or []
        if ORPHAN not in finalizers and FOREGROUND not in finalizers:
            return
        # Listed anew: a pod that the cache does not show yet would be forgotten for ever.
        listed = await self._client.list(core.Pod, about.namespace)
        pods = [pod for pod in listed.items if controller_uid(pod.metadata) == about.uid]
        if ORPHAN in finalizers:
            await release(self._client, controller, pods)
            await self._take_off(controller, ORPHAN)
        elif pods:
            alive = [pod for pod in pods if metadata_of(pod).deletionTimestamp is None]
            await asyncio.gather(*(self._drop(pod, Owner.of(controller)) for pod in alive))
        else:
            await self._take_off(controller, FOREGROUND)

    async def _exists(self, owner: Owner) -> bool:
        try:
            found = await self._client.get(core.ReplicationController, owner.name, owner.namespace)
        except StatusError as error:
            if error.code == NOT_FOUND:
                return False
            raise
        return metadata_of(found).uid == owner.uid

    async def _drop(self, pod: core.Pod, owner: Owner) -> None:
        """Delete the pod, or only our reference when somebody else owns it too.

        Only in the state that was looked at: an owner that orphaned its pods is gone before our cache shows that they
        are nobody's now. A conflict goes to the caller, who comes again with a newer view.
        """
        about = metadata_of(pod)
        name, namespace = about.name or "", about.namespace
        try:
            if len(about.ownerReferences or ()) > 1:
                reference: Plain = {"$patch": "delete", "uid": owner.uid}
                patch: Plain = {"metadata": {"uid": about.uid, "ownerReferences": [reference]}}
                await self._client.patch(core.Pod, name, patch, namespace, patch_type=PatchType.STRATEGIC)
            else:
                seen = about.resourceVersion
                await self._client.delete(
                    core.Pod, name, namespace, uid=about.uid, resource_version=seen, propagation="Background"
                )
        except StatusError as error:
            if error.code not in (NOT_FOUND, INVALID):
                raise

    async def _take_off(self, controller: core.ReplicationController, finalizer: str) -> None:
        about = metadata_of(controller)
        left = [name for name in about.finalizers or () if name != finalizer]
        patch: Plain = {"metadata": {"resourceVersion": about.resourceVersion, "finalizers": left}}
        try:
            await self._client.patch(core.ReplicationController, about.name or "", patch, about.namespace)
        except StatusError as error:
            if error.code != NOT_FOUND:
                raise
