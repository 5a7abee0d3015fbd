"""``kubernel events``: what the components did and saw, oldest first."""

import click

from kubernel.cli.access.connection import Plain
from kubernel.cli.access.following import follow, list_all
from kubernel.cli.access.selection import select_one
from kubernel.cli.access.session import Session, connects
from kubernel.cli.show.event_rows import HEADINGS, event_row, in_order
from kubernel.cli.show.grid import Grid

__all__ = ["events"]


@click.command()
@click.option("-A", "--all-namespaces", is_flag=True, help="Of every namespace.")
@click.option("--for", "about", default="", metavar="TYPE/NAME", help="Only those about this object.")
@click.option("--type", "kind", type=click.Choice(["Normal", "Warning"]), help="Only those of this type.")
@click.option("-w", "--watch", is_flag=True, help="Go on as they happen.")
@connects
def events(session: Session, all_namespaces: bool, about: str, kind: str | None, watch: bool) -> None:
    """Show what happened: `kubernel events -w`, `kubernel events --for rc/nifty-rc`."""
    path = "/api/v1/events" if all_namespaces else f"/api/v1/namespaces/{session.namespace}/events"
    query = {"fieldSelector": ",".join(_fields(session, about, kind))}
    grid = Grid((*(("NAMESPACE",) if all_namespaces else ()), *HEADINGS))
    if not watch:
        found = in_order(list_all(session.connection, path, query)["items"])
        if not found:
            click.echo("No events found.", err=True)
        else:
            _show(grid, found, namespaces=all_namespaces)
        return
    for what, document in follow(session.connection, path, query):
        if what == "LIST":
            _show(grid, in_order(document["items"]), namespaces=all_namespaces)
        elif what != "DELETED":
            _show(grid, [document], namespaces=all_namespaces)


def _fields(session: Session, about: str, kind: str | None) -> list[str]:
    fields = [f"type={kind}"] if kind else []
    if about:
        resource, name = select_one(session.resources, (about,))
        fields += [f"involvedObject.kind={resource.kind}", f"involvedObject.name={name}"]
    return fields


def _show(grid: Grid, found: list[Plain], *, namespaces: bool) -> None:
    if not found:
        return
    rows = [((event["metadata"]["namespace"],) if namespaces else ()) + event_row(event) for event in found]
    click.echo("\n".join(grid.lines(rows)))
