"""One look at one node: is it silent, do its taints say what its conditions say?"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from kubernel.client import Client, EventRecorder, Informer, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core

from kubernel_controller_node.conditions import condition_status, is_unknown, silenced
from kubernel_controller_node.heartbeats import Heartbeats
from kubernel_controller_node.taints import tainted

__all__ = ["Nodes"]

NOT_FOUND = 404


class Nodes:
    """Marks silent nodes and keeps the taints of all nodes true.

    Args:
        grace_s: So long without a heartbeat is silence.
        look_again: Asks for another look at a node after so many seconds.
    """

    def __init__(
        self,
        client: Client,
        recorder: EventRecorder,
        nodes: Informer[core.Node],
        heartbeats: Heartbeats,
        *,
        grace_s: float,
        look_again: Callable[[str, float], None],
    ) -> None:
        self._client = client
        self._recorder = recorder
        self._nodes = nodes
        self._heartbeats = heartbeats
        self._grace_s = grace_s
        self._look_again = look_again

    async def reconcile(self, name: str) -> None:
        """Look at the node.

        Raises:
            StatusError: Refused, or the node changed meanwhile; look again after a back-off.
            Unreachable: No answer; likewise.
        """
        node = self._nodes.get(name)
        if node is None:
            return
        silence_s = self._heartbeats.silence_s(name)
        if silence_s < self._grace_s:
            self._look_again(name, self._grace_s - silence_s)
        elif not is_unknown(node):
            node = await self._silence(node)
        now = datetime.now(UTC).replace(microsecond=0)
        taints = tainted(node, now)
        if taints != ((node.spec.taints if node.spec is not None else None) or []):
            await self._patch(node, {"spec": {"taints": msgspec.to_builtins(taints)}}, None)

    async def _silence(self, node: core.Node) -> core.Node:
        was_ready = condition_status(node, "Ready") == "True"
        conditions = silenced(node, datetime.now(UTC).replace(microsecond=0))
        changed = await self._patch(node, {"status": {"conditions": msgspec.to_builtins(conditions)}}, "status")
        if was_ready:
            name = metadata_of(node).name
            self._recorder.event(node, "Normal", "NodeNotReady", f"Node {name} status is now: NodeNotReady")
        return changed

    async def _patch(self, node: core.Node, patch: Plain, subresource: str | None) -> core.Node:
        """Patch exactly the state that we looked at: the agent writes the same lists."""
        about = metadata_of(node)
        patch = {"metadata": {"resourceVersion": about.resourceVersion}, **patch}
        try:
            return await self._client.patch(core.Node, about.name or "", patch, subresource=subresource)
        except StatusError as error:
            if error.code == NOT_FOUND:
                return node
            raise
