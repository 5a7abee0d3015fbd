"""Creates and lists over HTTP, each beside the bare ceiling in the same minute."""

from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.driver import Connection, Rate, closed_loop, quantile
from benchmarks.payloads import pod
from benchmarks.report import Line
from benchmarks.servers import ceiling, kernel

__all__ = ["creates", "lists"]

PODS = "/api/v1/namespaces/default/pods"
CONNECTIONS, CREATES, ROUNDS = 32, 6_000, 5
LISTED = 10_000
_names = count()


async def _create(socket: Path, path: str, connections: int, requests: int) -> Rate:
    bodies = [pod(f"p-{next(_names)}") for _ in range(requests)]
    return await closed_loop(socket, connections, requests, lambda i: ("POST", path, bodies[i]))


async def creates() -> list[Line]:
    """Durable creates of a 1 KiB pod at 32 connections, and at one."""
    with ceiling() as bare, kernel() as ours:
        await _create(bare, "/pods", CONNECTIONS, 500)
        await _create(ours, PODS, CONNECTIONS, 500)
        rounds = [
            (await _create(bare, "/pods", CONNECTIONS, CREATES), await _create(ours, PODS, CONNECTIONS, CREATES))
            for _ in range(ROUNDS)
        ]
        alone = [(await _create(bare, "/pods", 1, 500), await _create(ours, PODS, 1, 500)) for _ in range(3)]
    ratio = median(mine.per_second / most.per_second for most, mine in rounds)
    worst = median(quantile(mine.latencies, 0.99) for _, mine in rounds)
    return [
        Line(
            f"durable pod creates, {CONNECTIONS} connections",
            median(mine.per_second for _, mine in rounds),
            "creates/s",
            "at least 0.5 of the ceiling",
            ratio >= 0.5,
            median(most.per_second for most, _ in rounds),
            ratio,
            tuple(mine.per_second for _, mine in rounds),
            f"p99 {worst * 1e3:.1f} ms",
        ),
        Line(
            "durable pod creates, 1 connection",
            median(mine.per_second for _, mine in alone),
            "creates/s",
            ceiling=median(most.per_second for most, _ in alone),
            ratio=median(mine.per_second / most.per_second for most, mine in alone),
        ),
    ]


async def _timed(connection: Connection, path: str) -> tuple[float, int]:
    began = perf_counter()
    body = await connection.request("GET", path)
    return perf_counter() - began, len(body)


async def lists() -> list[Line]:
    """LIST of 10,000 pods, beside a server that joins and sends the same number of bytes."""
    with ceiling() as bare, kernel() as ours:
        await _create(ours, PODS, CONNECTIONS, LISTED)
        mine, most = await Connection.open(ours), await Connection.open(bare)
        _, size = await _timed(mine, PODS)
        joined = f"/joined?items={LISTED}&bytes={size // LISTED}"
        await _timed(most, joined)
        rounds = [((await _timed(most, joined))[0], (await _timed(mine, PODS))[0]) for _ in range(15)]
        labelled = [(await _timed(mine, f"{PODS}?labelSelector=app%3Dnone"))[0] for _ in range(5)]
        mine.close()
        most.close()
    ratio = median(own / other for other, own in rounds)
    return [
        Line(
            f"LIST of {LISTED:,} pods ({size / 1e6:.1f} MB)",
            median(own for _, own in rounds) * 1e3,
            "ms",
            "at most 3 times joining and sending",
            ratio <= 3,
            median(other for other, _ in rounds) * 1e3,
            ratio,
            tuple(own * 1e3 for _, own in rounds),
        ),
        Line(f"LIST by a label that none of {LISTED:,} pods has", median(labelled) * 1e3, "ms"),
    ]
