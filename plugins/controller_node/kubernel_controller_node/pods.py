"""One look at one pod: does its node exist, does it answer, may the pod stay?

A silent node cannot confirm that a pod has ended. Kubernetes therefore leaves such pods ``Terminating`` until the node
returns or a person decides. We force them once the node is given up (``eviction_after_s``) and the pod's grace period
has passed, so that names are free and controllers replace them; the price is that on a machine which is only cut off,
a copy may run on beside its replacement until its agent is back and stops it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kubernel.client import Client, EventRecorder, Informer, Key, PatchType, key_of, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.objects.pods.state import is_finished, is_ready

from kubernel_controller_node.conditions import is_unknown
from kubernel_controller_node.evictions import given_up_at, leaves_at
from kubernel_controller_node.settings import NodeSettings

__all__ = ["Pods", "needs_look", "node_name_of"]

NOT_FOUND, CONFLICT, INVALID = 404, 409, 422


class Pods:
    """Cares for pods on nodes in trouble.

    Args:
        look_again: Asks for another look at a pod after so many seconds.
    """

    def __init__(
        self,
        client: Client,
        recorder: EventRecorder,
        nodes: Informer[core.Node],
        pods: Informer[core.Pod],
        *,
        settings: NodeSettings,
        look_again: Callable[[Key, float], None],
    ) -> None:
        self._client = client
        self._recorder = recorder
        self._nodes = nodes
        self._pods = pods
        self._patience = timedelta(seconds=settings.eviction_after_s)
        self._grace = timedelta(seconds=settings.grace_s)
        self._look_again = look_again
        self._homeless_since: dict[str, datetime] = {}

    async def reconcile(self, key: Key) -> None:
        """Look at the pod.

        Raises:
            StatusError: Refused; look again after a back-off.
            Unreachable: No answer; likewise.
        """
        pod = self._pods.items.get(key)
        if pod is None or not node_name_of(pod):
            return
        node = self._nodes.get(node_name_of(pod))
        if node is None:
            await self._care_for_homeless(pod)
            return
        self._homeless_since.pop(metadata_of(pod).uid or "", None)
        if is_unknown(node) and is_ready(pod):
            await self._mark_not_ready(pod)
        if metadata_of(pod).deletionTimestamp is not None:
            await self._force_when_given_up(pod, node)
        elif not is_finished(pod):
            await self._evict_when_due(pod, node)

    def forget(self, pod: core.Pod) -> None:
        """The pod is gone."""
        self._homeless_since.pop(metadata_of(pod).uid or "", None)

    async def _care_for_homeless(self, pod: core.Pod) -> None:
        """Delete a pod whose node does not exist, after a while (a node may be registered anew)."""
        since = self._homeless_since.setdefault(metadata_of(pod).uid or "", datetime.now(UTC))
        if self._is_early(pod, since + self._grace) or await self._node_exists(node_name_of(pod)):
            return
        self._recorder.event(pod, "Normal", "NodeLost", f"Node {node_name_of(pod)} does not exist; deleting the pod")
        await self._delete(pod, grace_s=0)

    async def _node_exists(self, name: str) -> bool:
        """Ask the server, because a cache that lags would cost living pods."""
        try:
            await self._client.get(core.Node, name)
        except StatusError as error:
            if error.code == NOT_FOUND:
                return False
            raise
        return True

    async def _mark_not_ready(self, pod: core.Pod) -> None:
        """Take the pod out of its services: nobody can say that it still serves."""
        about = metadata_of(pod)
        now = datetime.now(UTC).replace(microsecond=0)
        condition: Plain = {"type": "Ready", "status": "False", "reason": "NodeNotReady", "lastTransitionTime": now}
        patch: Plain = {"metadata": {"uid": about.uid}, "status": {"conditions": [condition]}}
        try:
            await self._client.patch(
                core.Pod,
                about.name or "",
                patch,
                about.namespace,
                patch_type=PatchType.STRATEGIC,
                subresource="status",
            )
        except StatusError as error:
            if error.code not in (NOT_FOUND, CONFLICT, INVALID):
                raise
        else:
            self._recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready")

    async def _force_when_given_up(self, pod: core.Pod, node: core.Node) -> None:
        given_up, ends = given_up_at(node, self._patience), metadata_of(pod).deletionTimestamp
        if given_up is None or ends is None or self._is_early(pod, max(given_up, ends)):
            return
        await self._delete(pod, grace_s=0)

    async def _evict_when_due(self, pod: core.Pod, node: core.Node) -> None:
        moment = leaves_at(pod, node, self._patience)
        if moment is None or self._is_early(pod, moment):
            return
        self._recorder.event(pod, "Normal", "TaintManagerEviction", f"Marking for deletion Pod {key_of(pod)}")
        await self._delete(pod, grace_s=None)

    def _is_early(self, pod: core.Pod, moment: datetime) -> bool:
        """Whether the moment is still to come; then another look is due at it."""
        wait_s = (moment - datetime.now(UTC)).total_seconds()
        if wait_s > 0:
            self._look_again(key_of(pod), wait_s)
        return wait_s > 0

    async def _delete(self, pod: core.Pod, *, grace_s: int | None) -> None:
        about = metadata_of(pod)
        try:
            await self._client.delete(core.Pod, about.name or "", about.namespace, grace_s=grace_s, uid=about.uid)
        except StatusError as error:
            if error.code not in (NOT_FOUND, CONFLICT):
                raise


def node_name_of(pod: core.Pod) -> str:
    """Return the node that the pod is bound to; empty while it waits for one."""
    return (pod.spec.nodeName if pod.spec is not None else None) or ""


def needs_look(pod: core.Pod, node: core.Node | None) -> bool:
    """Whether `Pods.reconcile` could have something to do; false for every pod of a sound node."""
    if not node_name_of(pod):
        return False
    if node is None or is_unknown(node):
        return True
    taints = (node.spec.taints if node.spec is not None else None) or []
    return any(taint.effect == "NoExecute" for taint in taints)
