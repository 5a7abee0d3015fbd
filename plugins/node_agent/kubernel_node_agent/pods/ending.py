"""Ending containers and pods.

Nothing here waits for a grace period: an end is a task, and when it is done the pod is looked at again.
"""

import asyncio
from collections.abc import Callable

from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.runtime import ContainerStatus

from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import spec_of, uid_of, utc_now
from kubernel_node_agent.pods.surroundings import Workplace

__all__ = ["Ender", "grace_left_s", "grace_of"]

_DEFAULT_GRACE_S = 30
_NOTICEABLY_EARLIER_S = 0.5
_NOT_FOUND, _CONFLICT = 404, 409


def grace_of(pod: core.Pod) -> float:
    """Return how long a container of the pod gets between SIGTERM and SIGKILL."""
    grace_s = spec_of(pod).terminationGracePeriodSeconds
    return _DEFAULT_GRACE_S if grace_s is None else grace_s


def grace_left_s(pod: core.Pod) -> float:
    """Return what is left of a deletion's grace period."""
    about = meta_of(pod)
    if about.deletionTimestamp is None:
        return grace_of(pod)
    # The API's moment has no fractions, so up to a second is missing from it; what was granted is granted.
    left_s = (about.deletionTimestamp - utc_now()).total_seconds() + 1
    granted_s = about.deletionGracePeriodSeconds
    return max(0.0, left_s if granted_s is None else min(left_s, granted_s))


class Ender:
    """Ends what is to be ended; ``look_again`` is called with the pod's uid when an end is done."""

    def __init__(self, workplace: Workplace, look_again: Callable[[str], None]) -> None:
        self._at = workplace
        self._look_again = look_again

    def stop(self, uid: str, running: ContainerStatus, grace_s: float, memory: PodMemory) -> bool:
        """Begin to end a container; returns whether this is news. A shorter grace period overrides a longer one."""
        until = asyncio.get_running_loop().time() + grace_s
        known = memory.stopping.get(running.id)
        if known is not None and not known[0].done() and until > known[1] - _NOTICEABLY_EARLIER_S:
            return False
        task = asyncio.create_task(self._stop(uid, running.id, grace_s), name=f"stop {running.id}")
        memory.stopping[running.id] = (task, until)
        return known is None

    async def let_go(self, uid: str, *, is_alive: bool) -> None:
        """Give back what a finished pod needs no more: its surroundings and its address. Its logs stay."""
        if is_alive:
            await self._at.runtime.stop_sandbox(uid)
        await self._at.network.detach(uid)

    async def remove(self, uid: str, memory: PodMemory) -> None:
        """Remove everything that this machine has of a pod whose containers have ended."""
        for task, _ in memory.stopping.values():
            task.cancel()
        await self._at.runtime.remove_sandbox(uid, 0.0)
        await self._at.network.detach(uid)
        if self._at.has_containers:
            await self._at.volumes.remove(uid)

    async def forget(self, pod: core.Pod) -> None:
        """Take the pod out of the API, now that nothing is left of it."""
        about = meta_of(pod)
        try:
            await self._at.client.delete(core.Pod, about.name or "", about.namespace, grace_s=0, uid=uid_of(pod))
        except StatusError as error:
            if error.code not in (_NOT_FOUND, _CONFLICT):
                raise

    async def _stop(self, uid: str, container_id: str, grace_s: float) -> None:
        try:
            await self._at.runtime.stop_container(container_id, grace_s)
        finally:
            self._look_again(uid)
