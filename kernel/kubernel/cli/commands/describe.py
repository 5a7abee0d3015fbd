"""``kubernel describe``: one object in full, for a person, with the events about it. It works for every kind."""

import click

from kubernel.cli.access.connection import Plain
from kubernel.cli.access.following import list_all
from kubernel.cli.access.resources import Resource
from kubernel.cli.access.selection import select
from kubernel.cli.access.session import Session, connects
from kubernel.cli.show.description import describe_events, describe_object
from kubernel.cli.show.event_rows import in_order

__all__ = ["describe"]


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="TYPE [NAME…] | TYPE/NAME…")
@click.option("-l", "--selector", default="", help="The objects of the type with these labels.")
@connects
def describe(session: Session, words: tuple[str, ...], selector: str) -> None:
    """Show objects in full, with their events: `kubernel describe pod web-1`, `kubernel describe nodes`."""
    texts = []
    for selection in select(session.resources, words):
        resource = selection.resource
        if selection.names:
            found = [session.connection.get(session.path(resource, name)) for name in selection.names]
        else:
            found = list_all(session.connection, session.path(resource), {"labelSelector": selector})["items"]
        texts += ["\n".join(_describe_one(session, resource, item)) for item in found]
    if not texts:
        click.echo("No resources found.", err=True)
        return
    click.echo("\n\n\n".join(texts))


def _describe_one(session: Session, resource: Resource, document: Plain) -> list[str]:
    metadata = document["metadata"]
    # Events about things without a namespace are kept in "default".
    namespace = metadata.get("namespace", "")
    selector = f"involvedObject.kind={resource.kind},involvedObject.name={metadata['name']}"
    path = f"/api/v1/namespaces/{namespace}/events" if namespace else "/api/v1/events"
    events = in_order(list_all(session.connection, path, {"fieldSelector": selector})["items"])
    mine = [event for event in events if event["involvedObject"].get("uid") in (None, "", metadata["uid"])]
    return [*describe_object(resource.kind, document), *describe_events(mine)]
