"""Role ``agent`` (exclusive, entry-point group ``kubernel.agent``): makes the pods of its nodes true.

The agent registers ``context.nodes``, renews their Leases, and drives the ``runtime`` and ``network`` drivers
that it finds in ``context.drivers``.
"""

from typing import ClassVar

from kubernel.plugin.contracts.actor import Actor

__all__ = ["Agent"]


class Agent(Actor):
    """A node agent; one process may serve many nodes."""

    api_version: ClassVar[int] = 1
