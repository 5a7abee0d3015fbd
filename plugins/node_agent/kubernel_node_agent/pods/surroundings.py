"""What every part of the agent's pod work needs, in one value."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kubernel.client import Client, EventRecorder
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.network import Network
from kubernel.plugin.contracts.runtime import CAPABILITY_NO_CONTAINERS, Runtime

from kubernel_node_agent.settings import NodeSettings
from kubernel_node_agent.volumes import Volumes

__all__ = ["Workplace"]


@dataclass(frozen=True, slots=True)
class Workplace:
    """The agent's tools.

    Attributes:
        client, recorder, log: From the host.
        runtime, network: The drivers, started.
        volumes: Where pods' volumes are.
        settings: The agent's.
        host_ip: The address of every node of this agent.
        allocatable: What a node offers to pods, as quantities.
        services: Returns the services of a namespace.
    """

    client: Client
    recorder: EventRecorder
    log: logging.Logger
    runtime: Runtime
    network: Network
    volumes: Volumes
    settings: NodeSettings
    host_ip: str
    allocatable: dict[str, str]
    services: Callable[[str], Iterable[core.Service]]

    @property
    def has_containers(self) -> bool:
        """Whether there is anything behind a pod."""
        return CAPABILITY_NO_CONTAINERS not in self.runtime.info.capabilities

    def tell(self, pod: core.Pod, container: str, type: str, reason: str, message: str) -> None:  # noqa: A002
        """File an event about a pod, or about one of its containers when ``container`` is not empty.

        A runtime without containers is there to measure everything else, so nothing is said of its pods.
        """
        if not self.has_containers:
            return
        about = meta_of(pod)
        is_init = any(each.name == container for each in (pod.spec and pod.spec.initContainers) or [])
        field = f"spec.{'initContainers' if is_init else 'containers'}{{{container}}}" if container else None
        reference = core.ObjectReference(
            apiVersion="v1",
            kind="Pod",
            name=about.name,
            namespace=about.namespace,
            uid=about.uid,
            resourceVersion=about.resourceVersion,
            fieldPath=field,
        )
        self.recorder.event(reference, "Warning" if type == "Warning" else "Normal", reason, message)
