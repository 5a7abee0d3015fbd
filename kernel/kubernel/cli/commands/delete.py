"""``kubernel delete``: delete objects, and wait until they are gone."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import click

from kubernel.cli.access.connection import Connection, Plain
from kubernel.cli.access.following import list_all
from kubernel.cli.access.manifests import read_manifests
from kubernel.cli.access.resources import Resource
from kubernel.cli.access.selection import select
from kubernel.cli.access.session import Session, connects
from kubernel.cli.errors import Failure, Refused

__all__ = ["delete"]

POLL_S = 0.1
CASCADES = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}


@dataclass(frozen=True, slots=True)
class Doomed:
    """One object to delete; ``uid`` is known after the deletion began."""

    resource: Resource
    path: str
    name: str
    uid: str = ""


@click.command()
@click.argument("words", nargs=-1, metavar="TYPE NAME… | TYPE/NAME…")
@click.option("-f", "--filename", "sources", multiple=True, help="The objects of a file, a directory, or - for stdin.")
@click.option("-R", "--recursive", is_flag=True, help="With the directories below a directory.")
@click.option("-l", "--selector", default="", help="The objects of the type with these labels.")
@click.option("--all", "everything", is_flag=True, help="All objects of the type in the namespace.")
@click.option("--cascade", type=click.Choice(list(CASCADES)), default="background", help="What becomes of dependents.")
@click.option("--grace-period", type=click.IntRange(min=0), help="Seconds to end in; otherwise the object's own.")
@click.option("--force", is_flag=True, help="At once, without waiting for anybody's confirmation.")
@click.option("--ignore-not-found", is_flag=True, help="An object that is not there is as good as deleted.")
@click.option("--wait/--no-wait", default=True, help="Whether to wait until the objects are gone.")
@click.option("--timeout", "timeout_s", type=float, default=0.0, help="Seconds to wait at most; 0 is for ever.")
@connects
def delete(  # noqa: PLR0913 - click hands over one parameter an option
    session: Session,
    words: tuple[str, ...],
    sources: tuple[str, ...],
    recursive: bool,
    selector: str,
    everything: bool,
    cascade: str,
    grace_period: int | None,
    force: bool,
    ignore_not_found: bool,
    wait: bool,
    timeout_s: float,
) -> None:
    """Delete objects: `kubernel delete pod web-1`, `kubernel delete -f examples/nifty.yaml`."""
    if bool(words) == bool(sources):
        raise click.UsageError("You must say what to delete: TYPE NAME, TYPE -l SELECTOR, TYPE --all, or -f FILE.")
    if sources:
        doomed = list(_of_manifests(session, sources, recursive=recursive))
    else:
        doomed = list(_of_words(session, words, selector, everything=everything))
    options: Plain = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": CASCADES[cascade]}
    if force or grace_period is not None:
        options["gracePeriodSeconds"] = 0 if force else grace_period
    begun = [_delete_one(session.connection, each, options, ignore_not_found=ignore_not_found) for each in doomed]
    if wait and not force:
        deadline = time.monotonic() + timeout_s if timeout_s else None
        for each in filter(None, begun):
            _wait_until_gone(session.connection, each, deadline)


def _of_manifests(session: Session, sources: tuple[str, ...], *, recursive: bool) -> Iterator[Doomed]:
    for manifest in read_manifests(sources, recursive=recursive):
        resource = session.resources.of_object(manifest)
        metadata: Plain = manifest.get("metadata") or {}
        name = metadata.get("name") or ""
        if not name:
            raise Failure(f"a {resource.kind} in {', '.join(sources)} has no metadata.name")
        yield Doomed(resource, resource.path(metadata.get("namespace") or session.namespace, name), name)


def _of_words(session: Session, words: tuple[str, ...], selector: str, *, everything: bool) -> Iterator[Doomed]:
    for selection in select(session.resources, words):
        resource, names = selection.resource, selection.names
        if bool(names) == (bool(selector) or everything):
            raise click.UsageError("You must say which objects: by name, by -l SELECTOR, or --all of them.")
        if not names:
            listing = list_all(session.connection, session.path(resource), {"labelSelector": selector})
            names = tuple(item["metadata"]["name"] for item in listing["items"])
        for name in names:
            yield Doomed(resource, session.path(resource, name), name)


def _delete_one(connection: Connection, each: Doomed, options: Plain, *, ignore_not_found: bool) -> Doomed | None:
    try:
        answer = connection.request("DELETE", each.path, body=options)
    except Refused as error:
        if ignore_not_found and error.code == HTTPStatus.NOT_FOUND:
            return None
        raise
    how = "force deleted" if options.get("gracePeriodSeconds") == 0 else "deleted"
    click.echo(f'{each.resource.label} "{each.name}" {how}')
    # The answer is the object that is being deleted, or a Status that names the one that was.
    uid = (answer.get("details") or {}).get("uid") or (answer.get("metadata") or {}).get("uid") or ""
    return Doomed(each.resource, each.path, each.name, uid)


def _wait_until_gone(connection: Connection, each: Doomed, deadline: float | None) -> None:
    while True:
        try:
            live = connection.get(each.path)
        except Refused as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return
            raise
        if each.uid and live["metadata"]["uid"] != each.uid:
            return
        if deadline is not None and time.monotonic() > deadline:
            held = live["metadata"].get("finalizers")
            why = f"; its finalizers hold it: {', '.join(held)}" if held else ""
            raise Failure(f'{each.resource.label} "{each.name}" is still being deleted{why}')
        time.sleep(POLL_S)
