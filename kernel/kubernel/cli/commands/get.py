"""``kubernel get``: list objects as the server's tables or as whole documents, once or for as long as wanted."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from kubernel.cli.access.connection import JSON, Plain
from kubernel.cli.access.following import follow, list_all
from kubernel.cli.access.resources import Resource
from kubernel.cli.access.selection import Selection, select
from kubernel.cli.access.session import Session, connects
from kubernel.cli.show.documents import as_json, as_yaml
from kubernel.cli.show.server_table import TABLE, TableText, TableView

__all__ = ["get"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the objects is asked for, and how it is shown."""

    query: dict[str, str]
    output: str
    view: TableView
    everywhere: bool

    @property
    def as_table(self) -> bool:
        """Whether the server's table is shown, rather than whole objects."""
        return self.output in ("", "wide")

    @property
    def accept(self) -> str:
        """The representation to ask for."""
        return TABLE if self.as_table else JSON


@click.command()
@click.argument("words", nargs=-1, metavar="TYPE[,TYPE…] [NAME…] | TYPE/NAME…")
@click.option("-o", "--output", type=click.Choice(["", "wide", "yaml", "json", "name"]), default="", help="The form.")
@click.option("-w", "--watch", is_flag=True, help="Go on with every change.")
@click.option("-l", "--selector", default="", help="Only objects with these labels, as `App=Nifty,tier in (a,b)`.")
@click.option("--field-selector", default="", help="Only objects with these fields, as `status.phase=Running`.")
@click.option("-A", "--all-namespaces", is_flag=True, help="In every namespace.")
@click.option("--show-labels", is_flag=True, help="A column with each object's labels.")
@click.option("--no-headers", is_flag=True, help="Without the headings.")
@connects
def get(  # noqa: PLR0913 - click hands over one parameter an option
    session: Session,
    words: tuple[str, ...],
    output: str,
    watch: bool,
    selector: str,
    field_selector: str,
    all_namespaces: bool,
    show_labels: bool,
    no_headers: bool,
) -> None:
    """List objects: `kubernel get pods -l App=Nifty`, `kubernel get rc/nifty-rc -o yaml`, `kubernel get nodes -w`."""
    selections = select(session.resources, words)
    wish = Wish(
        query={"labelSelector": selector, "fieldSelector": field_selector},
        output=output,
        view=TableView(output == "wide", all_namespaces, show_labels, "", not no_headers),
        everywhere=all_namespaces,
    )
    if watch:
        _watch(session, selections, wish)
    elif wish.as_table:
        _print_tables(session, selections, wish)
    else:
        _print_documents(session, selections, wish)


def _path(session: Session, selection: Selection, wish: Wish, name: str = "") -> str:
    if wish.everywhere and name:
        raise click.UsageError("An object cannot be named across all namespaces; use -n.")
    return selection.resource.path("" if wish.everywhere else session.namespace, name)


def _read(session: Session, selection: Selection, wish: Wish) -> Iterator[Plain]:
    """Yield one list or table, or one document a name."""
    for name in selection.names:
        yield session.connection.get(_path(session, selection, wish, name), accept=wish.accept)
    if not selection.names:
        yield list_all(session.connection, _path(session, selection, wish), wish.query, accept=wish.accept)


def _print_tables(session: Session, selections: list[Selection], wish: Wish) -> None:
    found = False
    several = len({selection.resource for selection in selections}) > 1
    for selection in selections:
        text = TableText(_view(wish, selection.resource, mixed=several))
        lines = [line for table in _read(session, selection, wish) for line in text.lines(table)]
        if found and lines:
            click.echo()
        if lines:
            click.echo("\n".join(lines))
        found = found or bool(lines)
    if not found:
        where = "" if wish.everywhere or not selections[0].resource.namespaced else f" in {session.namespace} namespace"
        click.echo(f"No resources found{where}.", err=True)


def _view(wish: Wish, resource: Resource, *, mixed: bool) -> TableView:
    view = wish.view
    prefix = f"{resource.label}/" if mixed else ""
    return TableView(view.wide, view.namespaces and resource.namespaced, view.labels, prefix, view.headings)


def _print_documents(session: Session, selections: list[Selection], wish: Wish) -> None:
    documents: list[tuple[Resource, Plain]] = []
    for selection in selections:
        for document in _read(session, selection, wish):
            documents += [(selection.resource, item) for item in _items(document, selection.resource)]
    if wish.output == "name":
        for resource, document in documents:
            click.echo(f"{resource.label}/{document['metadata']['name']}")
        return
    show = as_yaml if wish.output == "yaml" else as_json
    if len(documents) == 1 and selections[0].names:
        click.echo(show(documents[0][1]))
        return
    items = [document for _, document in documents]
    click.echo(show({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}))


def _items(document: Plain, resource: Resource) -> list[Plain]:
    """Return a list's objects with their types, which the list itself names once; or the one object."""
    if "items" not in document:
        return [document]
    types = {"apiVersion": resource.api_version, "kind": resource.kind}
    return [{**types, **item} for item in document["items"] or ()]


def _watch(session: Session, selections: list[Selection], wish: Wish) -> None:
    if len(selections) != 1 or len(selections[0].names) > 1:
        raise click.UsageError("Only one type, and one object of it, can be watched at once.")
    selection = selections[0]
    query = dict(wish.query)
    if selection.names:
        query["fieldSelector"] = ",".join(filter(None, (query["fieldSelector"], f"metadata.name={selection.names[0]}")))
    text = TableText(_view(wish, selection.resource, mixed=False))
    for _, document in follow(session.connection, _path(session, selection, wish), query, accept=wish.accept):
        if wish.as_table:
            _echo(text.lines(document))
        else:
            _echo([_line(wish, selection.resource, item) for item in _items(document, selection.resource)])


def _line(wish: Wish, resource: Resource, document: Plain) -> str:
    if wish.output == "name":
        return f"{resource.label}/{document['metadata']['name']}"
    return as_json(document) if wish.output == "json" else f"---\n{as_yaml(document)}"


def _echo(lines: list[str]) -> None:
    if lines:
        click.echo("\n".join(lines))
