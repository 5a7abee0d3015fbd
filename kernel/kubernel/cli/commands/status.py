"""``kubernel status``: whether the cluster runs, and how each part of it does."""

from pathlib import Path

import click

from kubernel.cli.access.target import data_directory
from kubernel.cli.errors import Failure
from kubernel.cli.show.grid import Grid
from kubernel.cluster import ClusterStatus, ComponentStatus
from kubernel.cluster import status as look

__all__ = ["status"]

MIB = 2**20


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Its directory ($KUBERNEL_DATA, ~/.kubernel).")
def status(data: Path | None) -> None:
    """Show what the cluster consists of and how it does; the exit code is 1 when none runs."""
    found = look(data or data_directory())
    if not found.is_running:
        raise Failure(f"there is no cluster running on {found.data}; start it with `kubernel up`")
    state = click.style("ready", fg="green") if found.is_ready else click.style("starting", fg="yellow")
    click.echo(f"The cluster on {found.data} is {state} at {found.url} (pid {found.pid})")
    click.echo(f"Kubeconfig: {found.kubeconfig}")
    click.echo(f"Memory:     {sum(found.memory_bytes.values()) / MIB:.0f} MiB resident\n")
    rows = [_row(found, component) for component in found.components]
    click.echo("\n".join(Grid(("COMPONENT", "DRIVER", "PHASE", "PID", "RESTARTS", "MEMORY", "MESSAGE")).lines(rows)))


def _row(found: ClusterStatus, component: ComponentStatus) -> tuple[str, ...]:
    phase = component.phase if component.is_ready or component.phase != "Running" else "Running, not ready"
    memory = found.memory_bytes.get(component.name, 0)
    return (
        component.name,
        component.driver or "-",
        phase,
        str(component.pid or "-"),
        str(component.restarts),
        f"{memory / MIB:.0f} MiB" if memory else "-",
        component.message,
    )
