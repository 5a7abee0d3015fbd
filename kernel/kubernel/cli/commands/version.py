"""``kubernel version``: what runs here, and what answers there."""

from pathlib import Path

import click

from kubernel import __version__
from kubernel.cli.access.session import open_session
from kubernel.cli.errors import Failure

__all__ = ["version"]


@click.command()
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Which file says where the cluster is.")
@click.option("--context", default="", help="Which of its contexts.")
@click.option("--client", "client_only", is_flag=True, help="Only this program's.")
def version(kubeconfig: Path | None, context: str, client_only: bool) -> None:
    """Print the versions of this program and of the server; without a server only the first."""
    click.echo(f"Client: {__version__}")
    if client_only:
        return
    try:
        with open_session(kubeconfig, context) as session:
            answer = session.connection.get("/version")
    except Failure as error:
        click.echo(f"Server: none ({error.message})")
        return
    click.echo(f"Server: {answer.get('gitVersion', 'unknown')}")
