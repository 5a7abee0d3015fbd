"""Roles ``controller`` and ``agent`` (and whatever else runs a loop of its own): an actor over the public API.

An actor observes through the SDK, compares with what is wanted, and acts. It runs in a process of its own
(``kubernel.host``), which restarts it with back-off when it ends or stops answering.
"""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from kubernel.client import Client, EventRecorder
from kubernel.plugin.contracts.plugin import Plugin

__all__ = ["Actor", "ActorContext", "Controller"]


@dataclass(frozen=True, slots=True)
class ActorContext:
    """What the host gives to an actor.

    Attributes:
        client: The API, over the cluster's socket; closed by the host.
        recorder: Files Events in the actor's name.
        log: A logger with the component's name.
        data: A directory of the plugin's own that survives restarts (mode 0700).
        ready: Call once when the first synchronisation is done; a swap waits for it.
        stopping: Set when the host wants the actor to end; `Actor.run` must then return within five seconds.
        drivers: The drivers that this actor's role works with, by role (`Role.drivers`): an agent finds
            ``runtime`` and ``network`` here, already constructed and not started.
        nodes: The names of the nodes that this host is to serve; empty for every role but ``agent``.
    """

    client: Client
    recorder: EventRecorder
    log: logging.Logger
    data: Path
    ready: Callable[[], None]
    stopping: asyncio.Event
    drivers: dict[str, Plugin] = field(default_factory=dict)
    nodes: tuple[str, ...] = ()


class Actor(Plugin):
    """Something that runs until it is told to stop."""

    @abstractmethod
    async def run(self, context: ActorContext) -> None:
        """Run until ``context.stopping`` is set; returning earlier counts as a crash.

        Calls ``context.ready()`` once the caches are filled and the first pass is done. Must be safe to run again
        at any moment: the process may be killed between any two requests.

        Raises:
            Exception: Anything; the host logs it, counts it and starts the actor again after a back-off.
        """


class Controller(Actor):
    """Role ``controller`` (additive, entry-point group ``kubernel.controller``): one job over the API."""

    api_version: ClassVar[int] = 1
