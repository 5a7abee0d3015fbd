"""The probes of all pods: a task for each running container that has some."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerStatus

from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import all_containers, uid_of
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.pods.surroundings import Workplace
from kubernel_node_agent.probes.probing import Probing, first_health

__all__ = ["Prober"]


class Prober:
    """Runs probes and keeps what they find in `PodMemory.health`; ``look_again`` is called when that changed."""

    def __init__(self, workplace: Workplace, look_again: Callable[[str], None]) -> None:
        self._at = workplace
        self._look_again = look_again
        self._tasks: dict[str, dict[str, asyncio.Task[None]]] = {}

    def follow(self, pod: core.Pod, seen: Seen, memory: PodMemory) -> None:
        """Probe the containers that run now, and no others, of this pod."""
        if not self._at.has_containers:
            return
        uid = uid_of(pod)
        running = {each.id: each for each in seen.running() if each.id not in memory.stopping}
        tasks = self._tasks.setdefault(uid, {})
        for container_id in [each for each in tasks if each not in running]:
            tasks.pop(container_id).cancel()
        by_name = {container.name: container for container in all_containers(pod)}
        for each in running.values():
            container = by_name.get(each.name)
            if each.id not in tasks and container is not None and _has_probes(container):
                tasks[each.id] = self._begin(pod, container, each, memory)
        if not tasks:
            del self._tasks[uid]

    def forget(self, uid: str) -> None:
        """Stop probing a pod."""
        for task in self._tasks.pop(uid, {}).values():
            task.cancel()

    async def close(self) -> None:
        """Stop all probes."""
        tasks = [task for each in self._tasks.values() for task in each.values()]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _begin(
        self, pod: core.Pod, container: core.Container, running: ContainerStatus, memory: PodMemory
    ) -> asyncio.Task[None]:
        health = memory.health[running.id] = first_health(container)
        probing = Probing(
            container,
            memory.ip or (pod.status.podIP if pod.status else None) or self._at.host_ip,
            health,
            changed=partial(self._look_again, uid_of(pod)),
            unhealthy=partial(self._at.tell, pod, container.name, "Warning", "Unhealthy"),
        )
        return asyncio.create_task(probing.run(), name=f"probe {running.id}")


def _has_probes(container: core.Container) -> bool:
    return bool(container.readinessProbe or container.livenessProbe or container.startupProbe)
