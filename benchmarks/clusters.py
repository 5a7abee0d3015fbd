"""Whole clusters: how soon one is there, what it weighs, how fast a thousand pods are running."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import psutil

from benchmarks.report import Line

__all__ = ["hollow_pods", "starts"]

BIN = Path(sys.executable).parent
PORT = 26443
ROUNDS = 5
NODES, PODS = 100, 1_000


def _kubectl(data: Path, *words: str, stdin: str | None = None) -> str:
    environment = {**os.environ, "KUBECONFIG": str(data / "kubeconfig"), "HOME": str(data)}
    done = subprocess.run(
        [BIN / "kubectl", *words], env=environment, input=stdin, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def _cluster(*options: str) -> Iterator[tuple[Path, float]]:
    with TemporaryDirectory(prefix="kubernel-bench-") as directory:
        data = Path(directory) / "d"
        up = [str(BIN / "kubernel"), "up", "--data", str(data), "--port", str(PORT), "--detach", *options]
        began = perf_counter()
        subprocess.run(up, check=True, capture_output=True)
        try:
            yield data, began
        finally:
            subprocess.run([BIN / "kubernel", "down", "--data", data], check=True, capture_output=True)


def _memory(data: Path) -> tuple[float, float]:
    """Return resident and proportional memory of every process of the cluster, in MiB."""
    root = int((data / "run" / "supervisor.pid").read_text().split()[0])
    parent = psutil.Process(root)
    while parent.ppid() > 1 and str(data) in " ".join(psutil.Process(parent.ppid()).cmdline()):
        parent = psutil.Process(parent.ppid())
    processes = [parent, *parent.children(recursive=True)]
    full = [process.memory_full_info() for process in processes]
    return sum(m.rss for m in full) / 2**20, sum(m.pss for m in full) / 2**20


def starts() -> list[Line]:
    """From `kubernel up` to an answering kubectl, and the memory of all processes at rest."""
    times, resident, proportional = [], [], []
    for _ in range(ROUNDS):
        with _cluster() as (data, began):
            _kubectl(data, "get", "nodes")
            times.append(perf_counter() - began)
            sleep(3)
            rss, pss = _memory(data)
            resident.append(rss)
            proportional.append(pss)
    return [
        Line(
            "kubernel up, until kubectl get nodes has answered",
            median(times),
            "s",
            "at most 1.5 s",
            median(times) <= 1.5,
            rounds=tuple(times),
        ),
        Line(
            "memory at rest, all processes (shared pages counted once)",
            median(proportional),
            "MiB",
            "at most 250 MiB",
            median(proportional) <= 250,
            rounds=tuple(proportional),
            note=f"resident sizes added up, shared pages counted each time: {median(resident):,.0f} MiB",
        ),
    ]


def _controller() -> str:
    container = {"name": "main", "image": "none", "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}
    template = {"metadata": {"labels": {"app": "many"}}, "spec": {"containers": [container]}}
    spec = {"replicas": PODS, "selector": {"app": "many"}, "template": template}
    metadata = {"name": "many"}
    return json.dumps({"apiVersion": "v1", "kind": "ReplicationController", "metadata": metadata, "spec": spec})


def hollow_pods() -> list[Line]:
    """One replication controller of 1,000 pods on 100 hollow nodes, until all are Running."""
    rates = []
    for _ in range(3):
        with _cluster("--runtime", "hollow", "--nodes", str(NODES)) as (data, _):
            _until(data, "nodes", "", NODES)
            sleep(1)
            began = perf_counter()
            _kubectl(data, "create", "-f", "-", stdin=_controller())
            _until(data, "pods", "status.phase=Running", PODS)
            rates.append(PODS / (perf_counter() - began))
    return [
        Line(
            f"{PODS:,} pods on {NODES} hollow nodes: created, scheduled, Running",
            median(rates),
            "pods/s",
            rounds=tuple(rates),
        )
    ]


def _until(data: Path, plural: str, fields: str, count: int) -> None:
    deadline = perf_counter() + 120
    while True:
        names = _kubectl(data, "get", plural, "-o", "name", "--field-selector", fields).split()
        if len(names) >= count:
            return
        if perf_counter() > deadline:
            raise SystemExit(f"only {len(names)} of {count} {plural} after 120 s")
        sleep(0.05)
