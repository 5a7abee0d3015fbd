"""The driver: the first node by name that the pod fits on.

A scheduler only decides. Watching, binding, retries and events are the host's, so there is nothing here that waits,
connects or remembers; what a pod may run on at all is the toolkit's to say (`kubernel.plugin.scheduling`).
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from kubernel.plugin.contracts import PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot
from kubernel.plugin.scheduling import Ledger

__all__ = ["TemplateScheduler", "TemplateSettings"]


class TemplateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``spec.config`` of the Plugin object may say; every field has a default and its reason.

    Attributes:
        largest_name_first: Begin with the last node by name. Off by default: people expect the first node first.
    """

    largest_name_first: bool = False


class TemplateScheduler(Scheduler):
    """Takes the first node that fits."""

    info: ClassVar[PluginInfo] = PluginInfo("template", "Takes the first node that fits.")
    settings: ClassVar[type[msgspec.Struct]] = TemplateSettings

    def __init__(self, settings: TemplateSettings) -> None:
        self._settings = settings

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> list[Decision]:
        """Decide on the batch, in order; the ledger counts each pod before the next one is looked at."""
        ledger = Ledger(snapshot)
        return [self._decide(pod, ledger) for pod in pods]

    def _decide(self, pod: PodInfo, ledger: Ledger) -> Decision:
        fitting = sorted(ledger.fitting(pod), key=lambda node: node.name, reverse=self._settings.largest_name_first)
        return ledger.place(pod, fitting[0]) if fitting else ledger.refuse(pod)
