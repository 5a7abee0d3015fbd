"""Writing a pod's status, only when it says something new, and never over another pod of the same name."""

from typing import Any

import msgspec
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta_of

from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.surroundings import Workplace

__all__ = ["report"]

_GONE = frozenset({404, 409, 422})
_MAY_VANISH = ("reason", "message", "podIP", "podIPs", "containerStatuses", "initContainerStatuses")
"""Fields that a merge patch must null, because leaving them out would leave them in."""


async def report(pod: core.Pod, status: core.PodStatus, memory: PodMemory, workplace: Workplace) -> None:
    """Write the status unless it is there already.

    A pod that was deleted or replaced meanwhile is passed over: its next event brings it up again.
    """
    plain: dict[str, Any] = msgspec.to_builtins(status)
    known = memory.written
    if known is None and pod.status is not None:
        known = msgspec.to_builtins(pod.status)
    if plain == known:
        return
    about = meta_of(pod)
    changes = {name: None for name in _MAY_VANISH if known and name in known} | plain
    try:
        await workplace.client.patch(
            core.Pod,
            about.name or "",
            {"metadata": {"uid": about.uid}, "status": changes},
            about.namespace,
            subresource="status",
        )
    except StatusError as error:
        if error.code not in _GONE:
            raise
        workplace.log.debug("status of %s/%s: %s", about.namespace, about.name, error)
        return
    memory.written = plain
