"""What a resource command works with: a connection, a namespace, and the server's resources.

`connects` gives every such command the same three options, so they may stand anywhere on its line.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from kubernel.cli.access.connection import Connection
from kubernel.cli.access.resources import Resource, Resources
from kubernel.cli.access.target import find_kubeconfig, load_target

__all__ = ["Session", "connects", "open_session"]

R = TypeVar("R")


class Session:
    """One command's dealings with one API server.

    Attributes:
        connection: The line to the server.
        namespace: Where namespaced objects are looked for.
    """

    def __init__(self, connection: Connection, namespace: str) -> None:
        self.connection = connection
        self.namespace = namespace

    @functools.cached_property
    def resources(self) -> Resources:
        """What the server has; asked once, when first needed."""
        return Resources.discover(self.connection)

    def path(self, resource: Resource, name: str = "", subresource: str = "") -> str:
        """Return the path of an object or a collection in the session's namespace."""
        return resource.path(self.namespace, name, subresource)


@contextmanager
def open_session(kubeconfig: Path | None, context: str = "", namespace: str = "") -> Iterator[Session]:
    """Open a session with the cluster of a kubeconfig (found where the manual says when ``None``)."""
    target = load_target(find_kubeconfig(kubeconfig), context)
    with Connection(target) as connection:
        yield Session(connection, namespace or target.namespace)


def connects(function: Callable[..., R]) -> Callable[..., R]:
    """Give a command ``--kubeconfig``, ``--context`` and ``--namespace``, and a `Session` as its first argument."""

    @click.option("--kubeconfig", type=click.Path(path_type=Path), help="Which file says where the cluster is.")
    @click.option("--context", default="", help="Which of its contexts.")
    @click.option("-n", "--namespace", default="", help="Which namespace; otherwise the context's.")
    @functools.wraps(function)
    def command(*args: Any, kubeconfig: Path | None, context: str, namespace: str, **options: Any) -> R:  # noqa: ANN401 - what the command itself declares
        with open_session(kubeconfig, context, namespace) as session:
            return function(session, *args, **options)

    return command
