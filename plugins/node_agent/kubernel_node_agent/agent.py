"""The driver: the contract ``Agent`` over one `Shift`."""

from typing import ClassVar

import msgspec
from kubernel.plugin.contracts.actor import ActorContext
from kubernel.plugin.contracts.agent import Agent
from kubernel.plugin.contracts.network import Network
from kubernel.plugin.contracts.plugin import PluginInfo
from kubernel.plugin.contracts.runtime import Runtime

from kubernel_node_agent.settings import NodeSettings
from kubernel_node_agent.shift import Drivers, Shift

__all__ = ["NodeAgent"]


class NodeAgent(Agent):
    """Makes the pods of its nodes true."""

    info: ClassVar[PluginInfo] = PluginInfo(
        name="node", summary="Makes the pods of its nodes true: sandboxes, restarts, probes, status, logs."
    )
    settings: ClassVar[type[msgspec.Struct]] = NodeSettings

    def __init__(self, settings: NodeSettings | None = None) -> None:
        self._settings = settings or NodeSettings()

    async def run(self, context: ActorContext) -> None:
        """Serve the nodes until told to stop; the containers go on unless the whole cluster stops.

        Raises:
            TypeError: The host gave no runtime or no network.
        """
        runtime, network = context.drivers.get("runtime"), context.drivers.get("network")
        if not isinstance(runtime, Runtime) or not isinstance(network, Network):
            raise TypeError("the node agent needs a driver of the role runtime and one of the role network")
        await Shift(context, self._settings, Drivers(runtime, network)).serve()
