"""The talk's example from end to end, as a user would run it: ``make demo`` (``KEEP=1`` leaves the cluster up).

It starts a cluster in a new directory, applies ``nifty.yaml`` through the command line, and observes through the SDK
what the control loops make of it: four pods behind one address, healed when one is killed and when one is deleted,
scaled up and down. It ends with a summary and exit code 0, or with the reason and exit code 1.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kubernel.client import Client, Informer
from kubernel.objects.models import core, meta_of
from rich.console import Console
from rich.table import Table
from rich.text import Text

KUBERNEL = Path(sys.executable).with_name("kubernel")
MANIFEST = Path(__file__).with_name("nifty.yaml")
KEEP = os.environ.get("KEEP", "") not in ("", "0")
STEP_TIMEOUT_S = 60.0
"""Every step takes a second or two; a minute forgives a machine that is busy with something else."""

console = Console()


class Failed(Exception):  # noqa: N818 - a condition, told to a person
    """A step did not come to what it should have."""


@dataclass
class Story:
    """The steps as they are told, and the summary that they leave."""

    summary: list[tuple[str, float, str]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show a step, its outcome and the time that it took."""
        console.rule(f"[bold]{title}", align="left", style="dim")
        outcome: list[str] = []
        started = time.monotonic()
        yield outcome.append
        took_s = time.monotonic() - started
        self.summary.append((title, took_s, outcome[-1]))
        console.print(Text.assemble(("✓ ", "bold green"), outcome[-1], (f"  {took_s:.1f} s", "dim")))

    def show_summary(self) -> None:
        """Print what was done."""
        table = Table(title="Summary", title_justify="left", title_style="bold", box=None, show_header=False)
        for title, took_s, outcome in self.summary:
            table.add_row(title, Text(f"{took_s:.1f} s", style="dim"), Text(outcome, style="green"))
        console.print(table)


@dataclass
class Demo:
    """What the steps share."""

    data: Path
    step: Callable[[str], AbstractContextManager[Callable[[str], None]]]
    client: Client
    pods: Informer[core.Pod]
    changed: asyncio.Event

    async def until(self, wanted: str, is_true: Callable[[], bool]) -> None:
        """Wait until the pods are as wanted, showing how far they are.

        Raises:
            Failed: They are not within the time of a step.
        """
        with console.status("") as status:
            try:
                async with asyncio.timeout(STEP_TIMEOUT_S):
                    while not is_true():
                        status.update(f"waiting until {wanted}: {self.phases()}")
                        self.changed.clear()
                        await self.changed.wait()
            except TimeoutError:
                raise Failed(f"waited {STEP_TIMEOUT_S:.0f} s in vain until {wanted}; now: {self.phases()}") from None

    def ready(self) -> dict[str, core.Pod]:
        """Return the pods that serve, by name."""
        return {key.name: pod for key, pod in self.pods.items.items() if _is_ready(pod)}

    def has_exactly(self, number: int) -> bool:
        """Whether so many pods serve, and no other is there any more."""
        return len(self.ready()) == number == len(self.pods.items)

    def phases(self) -> str:
        """Say in how many pods are in which state."""
        counts: dict[str, int] = {}
        for pod in self.pods.items.values():
            state = "ready" if _is_ready(pod) else "ending" if meta_of(pod).deletionTimestamp else _phase(pod)
            counts[state] = counts.get(state, 0) + 1
        return ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "no pods"


def _is_ready(pod: core.Pod) -> bool:
    conditions = (pod.status.conditions if pod.status else None) or []
    is_ready = any(condition.type == "Ready" and condition.status == "True" for condition in conditions)
    return is_ready and meta_of(pod).deletionTimestamp is None


def _phase(pod: core.Pod) -> str:
    return ((pod.status.phase if pod.status else None) or "Pending").lower()


def _restarts(pod: core.Pod) -> int:
    statuses = (pod.status.containerStatuses if pod.status else None) or []
    return sum(status.restartCount for status in statuses)


def kubernel(data: Path, *arguments: str) -> None:
    """Run the command line and show it.

    Raises:
        Failed: It failed; the message is its own.
    """
    console.print(Text.assemble(("$ ", "dim"), ("kubernel " + " ".join(arguments), "cyan")))
    environment = {**os.environ, "KUBERNEL_DATA": str(data), "KUBECONFIG": ""}
    # A file rather than a pipe: the cluster that `up --detach` leaves behind must not keep us waiting for its end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run([KUBERNEL, *arguments], env=environment, stdout=output, stderr=output, check=False)
        output.seek(0)
        text = output.read().decode(errors="replace").rstrip()
    if done.returncode != 0:
        raise Failed(text or f"exit code {done.returncode}")
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def service_address(service: core.Service) -> tuple[str, int]:
    """Return where the service answers: its own port, or where the proxy serves it when it may not bind a low one."""
    spec = service.spec
    if spec is None or not spec.clusterIP or not spec.ports:
        raise Failed("nifty-svc has no virtual address")
    detour = (meta_of(service).annotations or {}).get(REACHABLE_AT, "")
    if not detour:
        return spec.clusterIP, spec.ports[0].port
    ip, _, port = detour.partition("=")[2].rpartition(":")
    return ip, int(port)


REACHABLE_AT = "kubernel.dev/reachable-at"
"""The proxy's annotation where ports below 1024 need a privilege: ``80/TCP=127.96.0.5:8080``."""


def call(address: tuple[str, int]) -> str:
    """Make one HTTP request with a connection of its own, and return the body: the name of the pod that answered."""
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\nHost: nifty-svc\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ConnectionError(f"the service answered {head[:60]!r}")
    return body.decode().strip()


async def call_all(demo: Demo, names: Collection[str]) -> tuple[str, int]:
    """Call the service until each of the pods has answered; return where, and how often.

    Raises:
        Failed: A pod did not answer in time, or nobody does.
    """
    silent, calls, where, reason = set(names), 0, "", ""
    deadline = time.monotonic() + STEP_TIMEOUT_S
    while silent and time.monotonic() < deadline:
        ip, port = service_address(await demo.client.get(core.Service, "nifty-svc", "default"))
        where, calls = f"{ip}:{port}", calls + 1
        try:
            silent.discard(await asyncio.to_thread(call, (ip, port)))
        except OSError as error:
            # The proxy may need a moment to hear of the service.
            reason = f" ({where}: {error})"
            await asyncio.sleep(0.1)
    if silent:
        raise Failed(f"no answer from {', '.join(sorted(silent))}{reason}")
    return where, calls


def process_of(pod: str) -> int:
    """Find the pod's process as anybody could: by its environment in /proc.

    Raises:
        Failed: There is none that we may see.
    """
    mark = f"POD_NAME={pod}".encode()
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                return int(entry.name)
    raise Failed(f"pod {pod} is said to run, and has no process")


async def run(demo: Demo) -> None:
    """Go through the steps."""
    with demo.step("Four copies behind one address") as outcome:
        kubernel(demo.data, "apply", "-f", str(MANIFEST))
        await demo.until("4 pods are ready", lambda: len(demo.ready()) == 4)
        kubernel(demo.data, "get", "pods", "-l", "App=Nifty", "-o", "wide")
        outcome("4 pods run")

    with demo.step("Call the service until each of the four has answered") as outcome:
        where, calls = await call_all(demo, demo.ready().keys())
        outcome(f"all 4 answered at http://{where} within {calls} calls")

    victim, other = sorted(demo.ready())[:2]
    with demo.step("Kill one pod's process") as outcome:
        pid, before = process_of(victim), _restarts(demo.ready()[victim])
        console.print(Text.assemble(("$ ", "dim"), (f"kill -9 {pid}", "cyan"), (f"  # {victim}", "dim")))
        os.kill(pid, signal.SIGKILL)
        await demo.until("it is restarted", lambda: victim in demo.ready() and _restarts(demo.ready()[victim]) > before)
        outcome(f"{victim} was restarted in place")

    with demo.step("Delete another pod") as outcome:
        names = demo.ready().keys()
        kubernel(demo.data, "delete", "pod", other)
        await demo.until("4 pods are ready again", lambda: len(demo.ready()) == 4 and other not in demo.ready())
        outcome(f"{', '.join(demo.ready().keys() - names)} took the place of {other}")

    for replicas in (6, 2):
        with demo.step(f"Scale to {replicas}") as outcome:
            kubernel(demo.data, "scale", "rc/nifty-rc", "--replicas", str(replicas))
            await demo.until(f"there are {replicas} pods", partial(demo.has_exactly, replicas))
            outcome(f"{replicas} pods run")

    with demo.step("What happened meanwhile") as outcome:
        kubernel(demo.data, "events")
        outcome("every component filed its events")


@asynccontextmanager
async def observed(data: Path, story: Story) -> AsyncIterator[Demo]:
    """Watch the pods of the example while the block runs."""
    changed = asyncio.Event()
    async with Client.from_kubeconfig(data / "kubeconfig", user_agent="kubernel-demo") as client:
        pods = Informer(client, core.Pod, "default", label_selector="App=Nifty")
        pods.on_change(lambda _old, _new: changed.set())
        watching = asyncio.create_task(pods.run())
        try:
            await pods.synced.wait()
            yield Demo(data, story.step, client, pods, changed)
        finally:
            watching.cancel()


def free_port() -> int:
    """Return a port that nobody uses now, so that the demo works beside another cluster."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def demonstrate(data: Path, story: Story) -> None:
    """Start the cluster and go through the steps."""
    with story.step("Start a cluster") as outcome:
        kubernel(data, "up", "--detach", "--port", str(free_port()))
        outcome("the API answers and the node is ready")
    async with observed(data, story) as demo:
        await run(demo)


def stop(data: Path, story: Story) -> None:
    """Stop the cluster, prove that none of its processes is left, and remove what it wrote.

    Raises:
        Failed: Something goes on.
    """
    with story.step("Stop everything") as outcome:
        kubernel(data, "down")
        left = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, data)]
        if left:
            raise Failed(f"processes {', '.join(left)} are left")
        shutil.rmtree(data)
        outcome("nothing is left behind")


def _works_in(process: Path, data: Path) -> bool:
    with suppress(OSError):
        return (process / "cwd").readlink().is_relative_to(data)
    return False


def main() -> int:
    """Run the demo, and stop everything that it started unless it is to be kept."""
    data, story = Path(tempfile.mkdtemp(prefix="kubernel-demo-")), Story()
    try:
        asyncio.run(demonstrate(data, story))
        if not KEEP:
            stop(data, story)
    except BaseException as error:
        if not KEEP:
            with suppress(Failed):
                kubernel(data, "down")
        if not isinstance(error, Failed):
            raise
        console.print(Text.assemble(("✗ ", "bold red"), str(error)))
        console.print(f"The logs are in {data / 'logs'}.", style="dim")
        return 1
    story.show_summary()
    if KEEP:
        console.print(f"\nThe cluster goes on: export KUBECONFIG={data / 'kubeconfig'}", soft_wrap=True)
        console.print(f"Stop it with: {KUBERNEL} down --data {data}", soft_wrap=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
