"""Listing, and then watching from there: what ``get -w`` and ``events -w`` show.

A stream that ends is taken up where it stopped; when the server has forgotten that revision (410) the list is read
again, which may repeat what was shown but never hides anything.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from kubernel.cli.access.connection import JSON, Connection, Plain
from kubernel.cli.errors import Refused

__all__ = ["follow", "list_all", "revision_of"]

PAGE = "500"
"""Objects a request, as kubectl asks for: a large answer starts to arrive early."""


def list_all(connection: Connection, path: str, query: Mapping[str, str], *, accept: str = JSON) -> Plain:
    """Return the whole list or table, read page by page and put together."""
    first = connection.get(path, {**query, "limit": PAGE}, accept=accept)
    content = "rows" if first.get("kind") == "Table" else "items"
    whole: list[Plain] = first.get(content) or []
    page = first
    while token := (page.get("metadata") or {}).get("continue"):
        page = connection.get(path, {**query, "limit": PAGE, "continue": token}, accept=accept)
        whole += page.get(content) or []
    first[content] = whole
    return first


def follow(
    connection: Connection, path: str, query: Mapping[str, str], *, accept: str = JSON
) -> Iterator[tuple[str, Plain]]:
    """Yield ``("LIST", list or table)`` first, then ``(event type, object or one-row table)`` for ever."""
    while True:
        listing = list_all(connection, path, query, accept=accept)
        yield "LIST", listing
        revision = (listing.get("metadata") or {}).get("resourceVersion", "")
        try:
            while True:
                for event in connection.watch(path, {**query, "resourceVersion": revision}, accept=accept):
                    revision = revision_of(event["object"]) or revision
                    yield event["type"], event["object"]
        except Refused as error:
            if error.code != HTTPStatus.GONE:
                raise


def revision_of(document: Plain) -> str:
    """Return the revision of an object, or of the last row of a table; empty when it has none."""
    for row in reversed(document.get("rows") or ()):
        document = row.get("object") or {}
        break
    revision: str = (document.get("metadata") or {}).get("resourceVersion") or ""
    return revision
