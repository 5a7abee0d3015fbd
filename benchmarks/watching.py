"""Watch: 100 watchers while 1,000 pods are created."""

import asyncio
import re
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import cast

from benchmarks.driver import closed_loop, quantile
from benchmarks.payloads import pod
from benchmarks.report import Line
from benchmarks.servers import kernel

__all__ = ["watches"]

PODS = "/api/v1/namespaces/default/pods"
WATCHERS, SAMPLED, EVENTS, WRITERS, ROUNDS = 100, 10, 1_000, 16, 3
_REVISION = re.compile(rb'"resourceVersion":"(\d+)"')


class Watching(asyncio.Protocol):
    """Counts the events of one watch; the one that samples also remembers when each revision came."""

    def __init__(self, *, samples: bool) -> None:
        self.events = 0
        self.seen: dict[int, float] = {}
        self._samples = samples
        self.last = 0.0
        self.ready = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the watch."""
        self.transport = cast("asyncio.WriteTransport", transport)  # uvloop's own class does not derive from it
        self.transport.write(b"GET %s?watch=true HTTP/1.1\r\nHost: b\r\n\r\n" % PODS.encode())

    def data_received(self, data: bytes) -> None:
        """Count line ends: each event is one line of JSON, and a chunk's own line ends have a carriage return."""
        self.ready.set()
        self.last = perf_counter()
        self.events += data.count(b"}\n")
        if self._samples:
            for match in _REVISION.finditer(data):
                self.seen.setdefault(int(match[1]), self.last)


async def _round(socket: Path, number: int) -> tuple[float, list[float], float]:
    loop = asyncio.get_running_loop()
    makers = [partial(Watching, samples=i < SAMPLED) for i in range(WATCHERS)]
    watchers = [(await loop.create_unix_connection(make, str(socket)))[1] for make in makers]
    await asyncio.gather(*(watcher.ready.wait() for watcher in watchers))
    await asyncio.sleep(0.5)  # the first events of a later round are there too
    before = [watcher.events for watcher in watchers]
    answered: dict[int, float] = {}
    bodies = [pod(f"w{number}-{i}") for i in range(EVENTS)]
    began = perf_counter()
    rate = await closed_loop(socket, WRITERS, EVENTS, lambda i: ("POST", PODS, bodies[i]), answered)
    while min(w.events - b for w, b in zip(watchers, before, strict=True)) < EVENTS:
        if perf_counter() - began > 30:
            raise SystemExit("not every watcher got every event within 30 s")
        await asyncio.sleep(0.005)
    seconds = max(watcher.last for watcher in watchers) - began
    for watcher in watchers:
        watcher.transport.close()
    behind = _behind(answered, [watcher.seen for watcher in watchers[:SAMPLED]])
    return WATCHERS * EVENTS / seconds, behind, rate.per_second


def _behind(answered: dict[int, float], seen: list[dict[int, float]]) -> list[float]:
    """Return how long after its commit each sampled delivery came, sorted.

    A commit is published before its writers are answered, so that the first sign of it from outside, an answer or a
    delivery, is the closest that a client can see of the moment.
    """
    behind = []
    for revision, at in answered.items():
        moments = [times[revision] for times in seen if revision in times]
        commit = min([at, *moments])
        behind += [moment - commit for moment in moments]
    return sorted(behind)


async def watches() -> list[Line]:
    """Deliveries a second, and how far behind the write's answer a delivery is."""
    with kernel() as ours:
        rounds = [await _round(ours, number) for number in range(ROUNDS)]
    delivered = median(deliveries for deliveries, _, _ in rounds)
    late = median(quantile(behind, 0.99) for _, behind, _ in rounds)
    return [
        Line(
            f"{WATCHERS} watchers, {EVENTS:,} events",
            delivered,
            "deliveries/s",
            "at least 50,000/s",
            delivered >= 50_000,
            rounds=tuple(deliveries for deliveries, _, _ in rounds),
            note=f"writers meanwhile {median(rate for _, _, rate in rounds):,.0f} creates/s",
        ),
        Line("commit to delivery, p99", late * 1e3, "ms"),
    ]
