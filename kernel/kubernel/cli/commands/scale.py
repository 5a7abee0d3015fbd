"""``kubernel scale``: set the number of replicas through the ``scale`` subresource."""

from http import HTTPStatus

import click

from kubernel.cli.access.connection import MERGE_PATCH, Plain
from kubernel.cli.access.selection import select
from kubernel.cli.access.session import Session, connects
from kubernel.cli.errors import Failure, Refused

__all__ = ["scale"]


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="TYPE NAME… | TYPE/NAME…")
@click.option("--replicas", type=int, required=True, help="How many there shall be.")
@click.option("--current-replicas", type=int, help="Only when there are so many now.")
@connects
def scale(session: Session, words: tuple[str, ...], replicas: int, current_replicas: int | None) -> None:
    """Set the number of replicas: `kubernel scale rc/nifty-rc --replicas 6`."""
    for selection in select(session.resources, words):
        if not selection.names:
            raise click.UsageError("You must name what to scale, as TYPE NAME or TYPE/NAME.")
        resource = selection.resource
        if "scale" not in resource.subresources:
            raise Failure(f"a {resource.label} cannot be scaled: it has no replicas")
        for name in selection.names:
            path = session.path(resource, name, "scale")
            patch: Plain = {"spec": {"replicas": replicas}}
            if current_replicas is not None:
                patch["metadata"] = {"resourceVersion": _revision(session, path, current_replicas)}
            try:
                session.connection.request("PATCH", path, body=patch, content_type=MERGE_PATCH)
            except Refused as error:
                if error.code == HTTPStatus.CONFLICT:
                    raise Failure(f"{resource.label}/{name} changed meanwhile; look at it and try again") from error
                raise
            click.echo(f"{resource.label}/{name} scaled")


def _revision(session: Session, path: str, expected: int) -> str:
    live = session.connection.get(path)
    now = (live.get("spec") or {}).get("replicas", 0)
    if now != expected:
        raise Failure(f"expected {expected} replicas, there are {now}")
    revision: str = live["metadata"]["resourceVersion"]
    return revision
