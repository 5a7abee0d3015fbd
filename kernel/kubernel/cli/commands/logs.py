"""``kubernel logs``: print what containers wrote, of one pod or of all pods with a label."""

import queue
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import click

from kubernel.cli.access.connection import Plain
from kubernel.cli.access.following import list_all
from kubernel.cli.access.selection import select_one
from kubernel.cli.access.session import Session, connects
from kubernel.cli.errors import Failure

__all__ = ["logs"]


@dataclass(frozen=True, slots=True)
class Source:
    """One container's log."""

    pod: str
    container: str
    path: str


@click.command()
@click.argument("words", nargs=-1, metavar="POD | TYPE/NAME")
@click.option("-f", "--follow", is_flag=True, help="Go on as more is written.")
@click.option("-c", "--container", default="", help="Which container; needed when a pod has several.")
@click.option("--all-containers", is_flag=True, help="Every container of the pod.")
@click.option("-l", "--selector", default="", help="The pods with these labels.")
@click.option("--tail", type=click.IntRange(min=0), help="Only the last so many lines.")
@click.option("--since", "since_s", type=click.IntRange(min=1), help="Only the last so many seconds.")
@click.option("-p", "--previous", is_flag=True, help="Of the container before its last restart.")
@click.option("--timestamps", is_flag=True, help="When each line was written.")
@click.option("--prefix", is_flag=True, help="Which pod and container wrote each line.")
@connects
def logs(  # noqa: PLR0913 - click hands over one parameter an option
    session: Session,
    words: tuple[str, ...],
    follow: bool,
    container: str,
    all_containers: bool,
    selector: str,
    tail: int | None,
    since_s: int | None,
    previous: bool,
    timestamps: bool,
    prefix: bool,
) -> None:
    """Print what containers wrote: `kubernel logs web-1 -f`, `kubernel logs -l App=Nifty --tail 1`."""
    query = {
        "follow": str(follow).lower(),
        "previous": str(previous).lower(),
        "timestamps": str(timestamps).lower(),
        "tailLines": "" if tail is None else str(tail),
        "sinceSeconds": "" if since_s is None else str(since_s),
    }
    sources = list(_sources(session, words, selector, container, all_containers=all_containers))
    if len(sources) == 1 and not prefix:
        _copy(session, sources[0], query)
        return
    for source, line in _lines(session, sources, query):
        click.echo(f"[{source.pod}/{source.container}] {line}" if prefix else line)


def _copy(session: Session, source: Source, query: dict[str, str]) -> None:
    """Pass the bytes on as they come: a log need not be text."""
    output = sys.stdout.buffer
    for chunk in session.connection.stream(source.path, {**query, "container": source.container}):
        output.write(chunk)
        output.flush()


def _sources(
    session: Session, words: tuple[str, ...], selector: str, container: str, *, all_containers: bool
) -> Iterator[Source]:
    for pod in _pods(session, words, selector):
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        containers = [each["name"] for each in pod["spec"]["containers"]]
        if container:
            containers = [container]
        elif len(containers) > 1 and not all_containers:
            raise Failure(f"pod {name} has several containers; choose with -c: {', '.join(containers)}")
        for each in containers:
            yield Source(name, each, f"/api/v1/namespaces/{namespace}/pods/{name}/log")


def _pods(session: Session, words: tuple[str, ...], selector: str) -> list[Plain]:
    pods = f"/api/v1/namespaces/{session.namespace}/pods"
    if bool(words) == bool(selector):
        raise click.UsageError("You must say whose log: POD, TYPE/NAME, or -l SELECTOR.")
    if selector:
        found = list_all(session.connection, pods, {"labelSelector": selector})["items"]
        return _some(found, f"with labels {selector}")
    if len(words) == 1 and "/" not in words[0]:
        return [session.connection.get(f"{pods}/{words[0]}")]
    resource, name = select_one(session.resources, words)
    if resource.plural == "pods":
        return [session.connection.get(f"{pods}/{name}")]
    owner = session.connection.get(session.path(resource, name))
    labels = (owner.get("spec") or {}).get("selector") or {}
    labels = labels.get("matchLabels", labels)
    if not labels:
        raise Failure(f"{resource.label}/{name} selects no pods")
    text = ",".join(f"{key}={value}" for key, value in labels.items())
    return _some(list_all(session.connection, pods, {"labelSelector": text})["items"], f"of {resource.label}/{name}")


def _some(pods: list[Plain], which: str) -> list[Plain]:
    if not pods:
        raise Failure(f"there is no pod {which}")
    return pods


def _lines(session: Session, sources: list[Source], query: dict[str, str]) -> Iterator[tuple[Source, str]]:
    """Yield whole lines of all logs: one after the other, or as they come when they are followed."""
    if query["follow"] == "false":
        for source in sources:
            for line in _split(session, source, query):
                yield source, line
        return
    arrived: queue.Queue[tuple[Source, str] | Failure | None] = queue.Queue(maxsize=1000)

    def read(source: Source) -> None:
        try:
            for line in _split(session, source, query):
                arrived.put((source, line))
        except Failure as error:
            arrived.put(error)
        arrived.put(None)

    for source in sources:
        # Daemons: an interrupt must not wait for a log that never ends.
        threading.Thread(target=read, args=(source,), daemon=True).start()
    ended = 0
    while ended < len(sources):
        item = arrived.get()
        if isinstance(item, Failure):
            click.echo(f"error: {item.message}", err=True)
        elif item is None:
            ended += 1
        else:
            yield item


def _split(session: Session, source: Source, query: dict[str, str]) -> Iterator[str]:
    rest = b""
    for chunk in session.connection.stream(source.path, {**query, "container": source.container}):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")
