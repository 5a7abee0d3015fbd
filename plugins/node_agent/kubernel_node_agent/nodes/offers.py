"""What a node offers to pods. The nodes of one machine share it, so each offers its part and no more."""

from kubernel.objects.quantity import millicores

from kubernel_node_agent.nodes.machine import Machine
from kubernel_node_agent.settings import NodeSettings

__all__ = ["offer"]

_HOLLOW_CPU = "8"
_HOLLOW_MEMORY = "32Gi"


def offer(machine: Machine, settings: NodeSettings, *, nodes: int, has_containers: bool) -> dict[str, str]:
    """Return what each node offers, as quantities.

    Args:
        machine: The machine of all these nodes.
        settings: May say otherwise.
        nodes: How many nodes there are.
        has_containers: A node without containers consumes nothing, so it offers what a usual server has.
    """
    if has_containers:
        cpu_m = machine.cpu_cores * 1000 // nodes
        cpu = str(cpu_m // 1000) if cpu_m % 1000 == 0 else f"{cpu_m}m"
        memory = f"{machine.memory_bytes // nodes // 1024}Ki"
    else:
        cpu, memory = _HOLLOW_CPU, _HOLLOW_MEMORY
    amounts = {"cpu": settings.cpu or cpu, "memory": settings.memory or memory, "pods": str(settings.pods)}
    millicores(amounts["cpu"])  # a wrong setting is better refused here than by the API server
    return amounts
