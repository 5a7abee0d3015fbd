"""A container's environment, resolved: services, ``envFrom``, ``env`` with references, ``$(NAME)`` expanded."""

from kubernel_node_agent.environment.resolving import Environment, resolve_environment
from kubernel_node_agent.environment.sources import ConfigInvalid, ConfigSource

__all__ = ["ConfigInvalid", "ConfigSource", "Environment", "resolve_environment"]
