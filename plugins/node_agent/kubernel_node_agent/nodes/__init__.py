"""The agent's nodes in the API: that they exist, what they offer, how they are, and that they live."""

from kubernel_node_agent.nodes.leases import Heartbeat
from kubernel_node_agent.nodes.registration import NodeRegistrar

__all__ = ["Heartbeat", "NodeRegistrar"]
