"""``kubernel down``: stop the cluster and everything that it started."""

from pathlib import Path

import click

from kubernel.cli.access.target import data_directory
from kubernel.cli.errors import Failure
from kubernel.cluster import ClusterError
from kubernel.cluster import down as stop

__all__ = ["down"]


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Its directory ($KUBERNEL_DATA, ~/.kubernel).")
def down(data: Path | None) -> None:
    """Stop the cluster and everything that it started; what it knows stays for the next `kubernel up`."""
    directory = data or data_directory()
    try:
        was_running = stop(directory)
    except ClusterError as error:
        raise Failure(str(error)) from error
    click.echo(f"Stopped the cluster on {directory}" if was_running else f"There is no cluster running on {directory}")
