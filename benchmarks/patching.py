"""Patches and applies of a 1 KiB pod over HTTP, and status reports, which are the patches that nodes send."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.driver import Rate, Request, closed_loop, quantile
from benchmarks.payloads import pod
from benchmarks.report import Line
from benchmarks.servers import kernel

__all__ = ["patches"]

PODS = "/api/v1/namespaces/default/pods"
CONNECTIONS, REQUESTS, ROUNDS, NAMES = 32, 4_000, 3, 400
_numbers = count()

STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


def _strategic(number: int) -> Request:
    change = {
        "metadata": {"labels": {"turn": f"t{number}"}},
        "spec": {
            "$setElementOrder/containers": [{"name": "main"}],
            "containers": [{"name": "main", "image": f"i{number}"}],
        },
    }
    return "PATCH", f"{PODS}/p-{number % NAMES}", json.dumps(change).encode(), STRATEGIC


def _status(number: int) -> Request:
    conditions = [{"type": "Ready", "status": "True", "message": f"turn {number}"}]
    body = json.dumps({"status": {"phase": "Running", "conditions": conditions}}).encode()
    return "PATCH", f"{PODS}/p-{number % NAMES}/status", body, STRATEGIC


def _apply(number: int) -> Request:
    config = pod(f"a-{number % NAMES}", label=f"l{number}")
    return "PATCH", f"{PODS}/a-{number % NAMES}?fieldManager=bench", config, APPLY


def _create(number: int) -> Request:
    return "POST", PODS, pod(f"p-{number}"), "application/json"


async def _rounds(socket: Path, make: Callable[[int], Request]) -> list[Rate]:
    bodies = [[make(next(_numbers)) for _ in range(REQUESTS)] for _ in range(ROUNDS)]
    return [await closed_loop(socket, CONNECTIONS, REQUESTS, requests.__getitem__) for requests in bodies]


async def patches() -> list[Line]:
    """Strategic patches, applies that change something, and reports of a status."""
    with kernel() as ours:
        await closed_loop(ours, CONNECTIONS, NAMES, _create)
        await closed_loop(ours, CONNECTIONS, NAMES, _apply)
        reports = await _rounds(ours, _status)
        strategic = await _rounds(ours, _strategic)
        applies = await _rounds(ours, _apply)
    wanted = "at least 2,000 a second"
    return [
        _line("status reports of pods", reports, "", is_met=None),
        _line("strategic patches of a pod", strategic, wanted, is_met=_rate(strategic) >= 2_000),
        _line("applies of a pod", applies, wanted, is_met=_rate(applies) >= 2_000),
    ]


def _rate(rounds: list[Rate]) -> float:
    return median(rate.per_second for rate in rounds)


def _line(what: str, rounds: list[Rate], wanted: str, *, is_met: bool | None) -> Line:
    worst = median(quantile(rate.latencies, 0.99) for rate in rounds)
    return Line(
        f"{what}, {CONNECTIONS} connections",
        _rate(rounds),
        "writes/s",
        wanted,
        is_met,
        rounds=tuple(rate.per_second for rate in rounds),
        note=f"p99 {worst * 1e3:.1f} ms",
    )
