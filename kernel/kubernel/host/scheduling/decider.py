"""Calls the driver and checks what it answers: the one place that trusts no scheduler.

A small batch is decided right in the event loop, which saves two thread switches; a batch that is expected to take
longer than a few milliseconds goes to a thread, so that watches and heartbeats go on. A driver that does not come back
at all cannot be stopped, so the process has to end: `DriverHangs`.
"""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Scheduler, Snapshot

__all__ = ["Decider", "DriverHangs", "Verdict"]

INLINE_S = 0.005
"""How long the event loop may stand still for one batch."""

BATCH_S = 1.0
"""How long one batch may take before batches become smaller; far below the time after which a driver hangs."""


class DriverHangs(Exception):  # noqa: N818 - named after the condition
    """The driver thinks for longer than it may; only a new process helps."""


@dataclass(slots=True)
class Verdict:
    """A batch's checked decisions.

    Attributes:
        placed: Pods with the existing node that each one gets.
        refused: Pods that no node takes now, with the reasons.
        invalid: Pods about which the driver said nothing usable, with the sentence that says what was wrong.
    """

    placed: list[tuple[PodInfo, str]] = field(default_factory=list)
    refused: list[tuple[PodInfo, Mapping[str, int]]] = field(default_factory=list)
    invalid: list[tuple[PodInfo, str]] = field(default_factory=list)


class Decider:
    """One driver with what is known about its speed."""

    def __init__(self, driver: Scheduler, timeout_s: float) -> None:
        self._driver = driver
        self._timeout_s = timeout_s
        self._pod_node_s: float | None = None

    def batch_max(self, nodes: int, limit: int) -> int:
        """Return how many pods to decide at once, so that a slow driver still shows results every second."""
        if not self._pod_node_s:
            return limit
        return max(1, min(limit, int(BATCH_S / (self._pod_node_s * (nodes or 1)))))

    async def decide(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Verdict:
        """Return the checked decisions on a batch.

        Raises:
            DriverHangs: No answer came in time.
        """
        size = len(pods) * (len(snapshot.nodes) or 1)
        started_s = time.perf_counter()
        try:
            if self._pod_node_s is not None and self._pod_node_s * size < INLINE_S:
                decisions = self._driver.schedule(pods, snapshot)
            else:
                decisions = await self._in_thread(pods, snapshot)
            verdict = _checked(pods, decisions, snapshot)
        except DriverHangs:
            raise
        except Exception as error:  # noqa: BLE001 - a driver may raise anything; every pod of the batch is retried
            why = f'scheduler "{self._driver.info.name}" failed: {type(error).__name__}: {error}'
            return Verdict(invalid=[(pod, why) for pod in pods])
        self._pod_node_s = (time.perf_counter() - started_s) / size
        return verdict

    async def _in_thread(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:
        """Run the driver in a daemon thread: one that hangs must not keep the process from ending."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[Decision]] = loop.create_future()

        def work() -> None:
            try:
                decisions = self._driver.schedule(pods, snapshot)
            except Exception as error:  # noqa: BLE001 - raised again by the one who waits
                _tell(loop, answer, error)
            else:
                _tell(loop, answer, decisions)

        threading.Thread(target=work, name="schedule", daemon=True).start()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await answer
        except TimeoutError as error:
            name = self._driver.info.name
            raise DriverHangs(
                f'scheduler "{name}" did not decide on {len(pods)} pods within {self._timeout_s:g} s'
            ) from error


def _tell(
    loop: asyncio.AbstractEventLoop,
    answer: "asyncio.Future[Sequence[Decision]]",
    result: Sequence[Decision] | Exception,
) -> None:
    def settle() -> None:
        if answer.done():
            return
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)


def _checked(pods: Sequence[PodInfo], decisions: Sequence[Decision], snapshot: Snapshot) -> Verdict:
    verdict = Verdict()
    answers: dict[str, list[Decision]] = {pod.key: [] for pod in pods}
    for decision in decisions:
        answers.get(decision.pod, []).append(decision)
    for pod in pods:
        match answers[pod.key]:
            case []:
                verdict.invalid.append((pod, "the scheduler made no decision on this pod"))
            case [Decision(node=None, reasons=reasons)]:
                verdict.refused.append((pod, reasons))
            case [Decision(node=str(node))] if node in snapshot.nodes:
                verdict.placed.append((pod, node))
            case [decision]:
                verdict.invalid.append((pod, f'the scheduler chose node "{decision.node}", which does not exist'))
            case several:
                verdict.invalid.append((pod, f"the scheduler made {len(several)} decisions on this pod"))
    return verdict
