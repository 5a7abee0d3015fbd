"""The agent's own small HTTP server: containers' logs, at the kubelet's paths."""

from kubernel_node_agent.logs.server import LogServer

__all__ = ["LogServer"]
