"""``kubernel up``: start a cluster on this machine, and stay in front of it unless detached."""

import sys
from pathlib import Path

import click

from kubernel.cli.access.target import data_directory
from kubernel.cli.errors import Failure
from kubernel.cluster import ClusterError, UpReport, UpSettings
from kubernel.cluster import up as start

__all__ = ["up"]

CLEAR_LINE = "\r\x1b[K"


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path), help="Where it keeps everything ($KUBERNEL_DATA, ~/.kubernel)."
)
@click.option("--port", type=int, help="The API server's port (as before, at first 6443).")
@click.option("--nodes", type=int, help="How many nodes (as before, at first 1).")
@click.option("--runtime", default="", metavar="NAME", help="Who runs containers (at first `process`).")
@click.option("--scheduler", default="", metavar="NAME", help="Who chooses nodes (at first `default`).")
@click.option("--proxy", default="", metavar="NAME", help="Who serves the services' addresses (at first `userspace`).")
@click.option("--detach", is_flag=True, help="Return when it is ready, and leave it running.")
@click.option("--verbose", is_flag=True, help="Show every line of every component's log.")
def up(  # noqa: PLR0913 - click hands over one parameter an option
    data: Path | None,
    port: int | None,
    nodes: int | None,
    runtime: str,
    scheduler: str,
    proxy: str,
    detach: bool,
    verbose: bool,
) -> int:
    """Start a cluster: `kubernel up`; Ctrl-C stops it. With --detach, `kubernel down` does."""
    chosen = {"runtime": runtime, "scheduler": scheduler, "proxy": proxy}
    settings = UpSettings(
        data=data or data_directory(),
        port=port,
        nodes=nodes,
        drivers={role: driver for role, driver in chosen.items() if driver},
        detach=detach,
        verbose=verbose,
    )
    try:
        return start(settings, _Terminal())
    except ClusterError as error:
        raise Failure(str(error)) from error


class _Terminal:
    """Shows progress on one line that is overwritten, and only to a person.

    No thread draws it: the process forks while it is shown, and a thread does not survive that.
    """

    def __init__(self) -> None:
        self._is_person = sys.stderr.isatty()

    def step(self, text: str) -> None:
        if self._is_person:
            click.echo(f"{CLEAR_LINE}{click.style(text, dim=True)} …", nl=False, err=True)

    def ready(self, report: UpReport) -> None:
        self._clear()
        for warning in report.warnings:
            click.echo(f"{click.style('warning:', fg='yellow')} {warning}", err=True)
        click.echo(f"Ready in {report.seconds:.1f} s at {report.url}: export KUBECONFIG={report.kubeconfig}")
        sys.stdout.flush()

    def failed(self, reason: str) -> None:
        self._clear()
        click.echo(f"{click.style('error:', fg='red', bold=True)} {reason}", err=True)

    def _clear(self) -> None:
        if self._is_person:
            click.echo(CLEAR_LINE, nl=False, err=True)
