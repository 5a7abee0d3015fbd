"""Whose pod is it: adoption of matching orphans, release of pods that no longer match.

The selector decides, the owner reference records: a pod that matches and has no controller becomes ours, one of ours
whose labels were changed is set free (a person takes it out of rotation to look at it; a new one replaces it). Both are
patches that name the pod's uid, so they can never hit another pod of the same name.
"""

import asyncio
from collections.abc import Iterable

from kubernel.client import Client, PatchType, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.objects.pods.state import is_active

from kubernel_controller_replication.view import View, selector_of

__all__ = ["claim"]

GONE_OR_OTHER = (404, 409, 422)
"""The pod vanished, or it is another one by now (the uid in the patch is refused): nothing to do any more."""


async def claim(client: Client, view: View, controller: core.ReplicationController) -> list[core.Pod]:
    """Return the active pods that are ours, after adopting and releasing."""
    about, selector = metadata_of(controller), selector_of(controller)
    owned = [pod for pod in view.pods_of(about.uid or "") if is_active(pod)]
    ours = [pod for pod in owned if selector.matches(metadata_of(pod).labels)]
    if len(ours) != len(owned):
        await _release(client, controller, [pod for pod in owned if not selector.matches(metadata_of(pod).labels)])
    orphans = [
        pod
        for pod in view.orphans(about.namespace or "")
        if is_active(pod) and selector.matches(metadata_of(pod).labels)
    ]
    return ours + await _adopt(client, controller, orphans) if orphans else ours


async def _release(client: Client, controller: core.ReplicationController, pods: Iterable[core.Pod]) -> None:
    """Take our owner reference off the pods."""
    reference: Plain = {"$patch": "delete", "uid": metadata_of(controller).uid}
    await asyncio.gather(*(_patch_owners(client, pod, reference) for pod in pods))


async def _adopt(client: Client, controller: core.ReplicationController, orphans: list[core.Pod]) -> list[core.Pod]:
    about = metadata_of(controller)
    # The cache may not know yet that we are being deleted; adopting then would take the pods along.
    try:
        now = metadata_of(await client.get(core.ReplicationController, about.name or "", about.namespace))
    except StatusError as error:
        if error.code in GONE_OR_OTHER:
            return []
        raise
    if now.uid != about.uid or now.deletionTimestamp is not None:
        return []
    reference: Plain = {
        "apiVersion": "v1",
        "kind": "ReplicationController",
        "name": about.name,
        "uid": about.uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }
    adopted = await asyncio.gather(*(_patch_owners(client, pod, reference) for pod in orphans))
    return [pod for pod in adopted if pod is not None]


async def _patch_owners(client: Client, pod: core.Pod, reference: Plain) -> core.Pod | None:
    """Merge one owner reference into the pod; ``None`` when the pod is gone."""
    about = metadata_of(pod)
    patch: Plain = {"metadata": {"uid": about.uid, "ownerReferences": [reference]}}
    try:
        return await client.patch(core.Pod, about.name or "", patch, about.namespace, patch_type=PatchType.STRATEGIC)
    except StatusError as error:
        if error.code in GONE_OR_OTHER:
            return None
        raise
