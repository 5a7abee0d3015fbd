"""Scheduler ``random``: any node that fits, by lot."""

import random
from collections.abc import Sequence
from typing import ClassVar

import msgspec
from kubernel.plugin.contracts import PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot
from kubernel.plugin.scheduling import Ledger

__all__ = ["RandomScheduler", "RandomSettings"]


class RandomSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the lots are drawn.

    Attributes:
        seed: The same lots every time; none by default, since a lot that repeats is none.
    """

    seed: int | None = None


class RandomScheduler(Scheduler):
    """Draws a node for each pod."""

    info: ClassVar[PluginInfo] = PluginInfo("random", "Any node that fits, by lot.")
    settings: ClassVar[type[msgspec.Struct]] = RandomSettings

    def __init__(self, settings: RandomSettings) -> None:
        self._lots = random.Random(settings.seed)

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> list[Decision]:
        """Draw a node for each pod of the batch among those that it still fits on."""
        ledger = Ledger(snapshot)
        return [self._decide(pod, ledger) for pod in pods]

    def _decide(self, pod: PodInfo, ledger: Ledger) -> Decision:
        fitting = list(ledger.fitting(pod))
        return ledger.place(pod, self._lots.choice(fitting)) if fitting else ledger.refuse(pod)
