"""The plugin: nodes, their Leases and the pods are watched; nodes and pods that may be in trouble are looked at.

    Lease changes ──► Heartbeats ──► Nodes: silent? ──► conditions, taints
                                                             │ (as a change of the node)
                                          Pods: may it stay? ◄┘

Sound nodes cost one look every ``grace_s`` and their pods none.
"""

from typing import ClassVar

import msgspec
from kubernel.client import Informer, Key, RateLimitedQueue, key_of, metadata_of, run_together, run_workers
from kubernel.objects.models import coordination, core
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_node.conditions import is_unknown, newest_heartbeat
from kubernel_controller_node.heartbeats import Heartbeats
from kubernel_controller_node.nodes import Nodes
from kubernel_controller_node.pods import Pods, needs_look, node_name_of
from kubernel_controller_node.settings import NodeSettings

__all__ = ["NodeController"]

LEASE_NAMESPACE = "kube-node-lease"


class NodeController(Controller):
    """Has one job: say which nodes are silent, and free their pods."""

    info = PluginInfo("node", "Marks silent nodes and evicts the pods of nodes in trouble.")
    settings: ClassVar[type[msgspec.Struct]] = NodeSettings

    def __init__(self, settings: NodeSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    """The state of one run: caches, queues and their wiring."""

    def __init__(self, context: ActorContext, settings: NodeSettings) -> None:
        client, recorder = context.client, context.recorder
        self._context = context
        self._workers = settings.workers
        self._node_queue: RateLimitedQueue[str] = RateLimitedQueue()
        self._pod_queue: RateLimitedQueue[Key] = RateLimitedQueue()
        self._heartbeats = Heartbeats()
        self._node_cache = Informer(client, core.Node)
        self._lease_cache = Informer(client, coordination.Lease, LEASE_NAMESPACE)
        self._pod_cache = Informer(client, core.Pod)
        self._pod_cache.index("node", lambda pod: [node_name_of(pod)])
        self._nodes = Nodes(
            client,
            recorder,
            self._node_cache,
            self._heartbeats,
            grace_s=settings.grace_s,
            look_again=self._node_queue.add_after,
        )
        self._pods = Pods(
            client,
            recorder,
            self._node_cache,
            self._pod_cache,
            settings=settings,
            look_again=self._pod_queue.add_after,
        )
        self._node_cache.on_change(self._node_changed)
        self._lease_cache.on_change(self._lease_changed)
        self._lease_cache.on_contact(self._heartbeats.hear)
        self._pod_cache.on_change(self._pod_changed)

    async def run(self) -> None:
        await run_together(
            self._context.stopping,
            self._node_cache.run(),
            self._lease_cache.run(),
            self._pod_cache.run(),
            self._work(),
        )

    async def _work(self) -> None:
        for cache in (self._node_cache, self._lease_cache, self._pod_cache):
            await cache.synced.wait()
        self._context.ready()
        log, count = self._context.log, self._workers
        await run_together(
            self._context.stopping,
            run_workers(self._node_queue, self._nodes.reconcile, count=count, log=log),
            run_workers(self._pod_queue, self._pods.reconcile, count=count, log=log),
        )

    def _lease_changed(self, _old: coordination.Lease | None, new: coordination.Lease | None) -> None:
        if new is not None:
            renewed = new.spec.renewTime if new.spec is not None else None
            self._heartbeats.observe(metadata_of(new).name or "", ("lease", renewed))

    def _node_changed(self, old: core.Node | None, new: core.Node | None) -> None:
        node = new if new is not None else old
        name = (metadata_of(node).name if node is not None else None) or ""
        if new is None:
            self._heartbeats.forget(name)
        else:
            self._heartbeats.observe(name, ("status", newest_heartbeat(new)))
            if old is not None and is_unknown(old) and not is_unknown(new):
                self._heartbeats.beat(name)
            self._node_queue.add(name)
        for pod in self._pod_cache.by_index("node", name):
            if needs_look(pod, new):
                self._pod_queue.add(key_of(pod))

    def _pod_changed(self, old: core.Pod | None, new: core.Pod | None) -> None:
        if new is None:
            if old is not None:
                self._pods.forget(old)
        elif needs_look(new, self._node_cache.get(node_name_of(new))):
            self._pod_queue.add(key_of(new))
