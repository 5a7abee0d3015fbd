"""One look at one pod: see, decide, act, report. Called whenever something may have changed; safe at any time."""

from kubernel.client import RateLimitedQueue
from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerStatus

from kubernel_node_agent.pods.deciding import Plan, decide
from kubernel_node_agent.pods.ending import Ender, grace_left_s, grace_of
from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import full_name, is_being_deleted, is_finished, utc_now
from kubernel_node_agent.pods.seeing import Seen, see
from kubernel_node_agent.pods.starting import Starter
from kubernel_node_agent.pods.status import Surroundings, pod_status, report
from kubernel_node_agent.pods.surroundings import Workplace
from kubernel_node_agent.pods.table import PodTable
from kubernel_node_agent.probes import Prober

__all__ = ["Reconciler"]

_PULL_FAILED = "ErrImagePull"


class Reconciler:
    """Makes pods true, one look at a time."""

    def __init__(self, workplace: Workplace, table: PodTable, queue: RateLimitedQueue[str]) -> None:
        self._at = workplace
        self._table = table
        self._queue = queue
        self._memories: dict[str, PodMemory] = {}
        self._starter = Starter(workplace)
        self._ender = Ender(workplace, queue.add)
        self._prober = Prober(workplace, queue.add)

    async def reconcile(self, uid: str) -> None:
        """Look at one pod and do what is due.

        Raises:
            StatusError: The API refused something; look again later.
            RuntimeUnavailable: The runtime did not answer; look again later.
        """
        pod = self._table.get(uid)
        memory = self._memories.setdefault(uid, PodMemory())
        if pod is None or is_being_deleted(pod):
            await self._end(uid, pod, memory)
        else:
            await self._advance(uid, pod, memory)

    async def close(self) -> None:
        """Stop everything that goes on in the background; the pods go on."""
        await self._prober.close()
        for memory in self._memories.values():
            for task, _ in memory.stopping.values():
                task.cancel()

    async def _see(self, uid: str, pod: core.Pod | None) -> Seen:
        sandbox = await self._at.runtime.sandbox(uid)
        return see(pod, sandbox, trust_api=not self._at.has_containers)

    # --- a pod that is to run ---------------------------------------------------------------------------------

    async def _advance(self, uid: str, pod: core.Pod, memory: PodMemory) -> None:
        seen = await self._see(uid, pod)
        plan = decide(pod, seen, memory, utc_now(), self._at.settings)
        self._forget_stopped(memory, seen)
        for stop in plan.stops:
            if self._ender.stop(uid, stop.running, grace_of(pod), memory):
                message = stop.why.format(name=stop.running.name)
                self._at.tell(pod, stop.running.name, "Normal", "Killing", message)
        for container_id in plan.forget:
            await self._at.runtime.remove_container(container_id)
        if plan.starts:
            await self._start(pod, plan, memory)
        if plan.starts or plan.forget:
            seen = await self._see(uid, pod)
        self._prober.follow(pod, seen, memory)
        self._explain_back_offs(pod, seen, memory)
        await report(pod, pod_status(pod, seen, memory, self._surroundings()), memory, self._at)
        self._look_again(uid, pod, seen, memory)
        if is_finished(pod) and self._at.has_containers and not seen.running():
            await self._ender.let_go(uid, is_alive=seen.sandbox_alive)

    async def _start(self, pod: core.Pod, plan: Plan, memory: PodMemory) -> None:
        if plan.needs_sandbox and not await self._starter.start_sandbox(pod, memory):
            return
        for start in plan.starts:
            await self._starter.start_container(pod, start, memory)

    def _look_again(self, uid: str, pod: core.Pod, seen: Seen, memory: PodMemory) -> None:
        """Come back for what is due later: a back-off that ends, a deadline, the other word for a failed pull."""
        now = utc_now()
        plan = decide(pod, seen, memory, now, self._at.settings)
        if plan.stops or plan.starts:
            # The step after this one is due already, such as the container behind an init container.
            self._queue.add_after(uid, 0.0 if plan.starts else self._at.settings.resync_s)
        elif plan.look_again_at is not None:
            self._queue.add_after(uid, max(0.0, (plan.look_again_at - now).total_seconds()))
        for trouble in memory.troubles.values():
            if trouble.reason == _PULL_FAILED:
                self._queue.add_after(uid, max(0.0, (trouble.shown_until - now).total_seconds()))

    def _explain_back_offs(self, pod: core.Pod, seen: Seen, memory: PodMemory) -> None:
        now = utc_now()
        for name, trouble in list(memory.troubles.items()):
            if trouble.reason == _PULL_FAILED and now >= trouble.shown_until:
                image = next((c.image for c in pod.spec.containers if c.name == name), name) if pod.spec else name
                message = f'Back-off pulling image "{image}"'
                memory.back_off_from_pulling(name, f"{message}: ErrImagePull: {trouble.message}")
                self._at.tell(pod, name, "Normal", "BackOff", message)
                self._at.tell(pod, name, "Warning", "Failed", "Error: ImagePullBackOff")
        for name, last in ((name, seen.last(name)) for name in seen.attempts):
            if last is not None and self._waits_to_restart(last, memory) and last.id not in memory.told:
                memory.told.add(last.id)
                message = f"Back-off restarting failed container {name} in pod {full_name(pod)}"
                self._at.tell(pod, name, "Warning", "BackOff", message)

    def _waits_to_restart(self, last: ContainerStatus, memory: PodMemory) -> bool:
        moment = memory.restart_at(last, self._at.settings)
        return moment is not None and moment > utc_now()

    # --- a pod that is to end ---------------------------------------------------------------------------------

    async def _end(self, uid: str, pod: core.Pod | None, memory: PodMemory) -> None:
        seen = await self._see(uid, pod)
        running = seen.running() if self._at.has_containers else []
        grace_s = self._at.settings.orphan_grace_s if pod is None else grace_left_s(pod)
        self._prober.forget(uid)
        for container in running:
            if self._ender.stop(uid, container, grace_s, memory) and pod is not None:
                self._at.tell(pod, container.name, "Normal", "Killing", f"Stopping container {container.name}")
        if running:
            if pod is not None:
                await report(pod, pod_status(pod, seen, memory, self._surroundings()), memory, self._at)
            return
        if pod is not None and self._at.has_containers:
            await report(pod, pod_status(pod, seen, memory, self._surroundings()), memory, self._at)
        await self._ender.remove(uid, memory)
        if pod is not None:
            await self._ender.forget(pod)
        self._memories.pop(uid, None)

    @staticmethod
    def _forget_stopped(memory: PodMemory, seen: Seen) -> None:
        running = {container.id for container in seen.running()}
        for container_id in [each for each in memory.stopping if each not in running]:
            del memory.stopping[container_id]
        for container_id in [each for each in memory.health if each not in running]:
            del memory.health[container_id]

    def _surroundings(self) -> Surroundings:
        return Surroundings(self._at.runtime.info.name, self._at.host_ip, utc_now(), self._at.settings)
