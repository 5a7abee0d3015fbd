"""Startup, readiness and liveness probes of running containers, by HTTP and TCP."""

from kubernel_node_agent.probes.prober import Prober

__all__ = ["Prober"]
