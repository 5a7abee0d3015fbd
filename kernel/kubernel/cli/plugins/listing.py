"""``kubernel plugin list``: every installed plugin, joined with what the cluster says of it."""

from collections.abc import Iterator
from pathlib import Path

import click

from kubernel.cli.access.session import open_session
from kubernel.cli.errors import Failure
from kubernel.cli.plugins.objects import PluginState, list_plugins
from kubernel.cli.show.grid import Grid
from kubernel.plugin.contracts.roles import role_named
from kubernel.plugin.discovery import Found, find

__all__ = ["list_installed"]

HEADINGS = ("ROLE", "NAME", "DISTRIBUTION", "VERSION", "ACTIVE", "HEALTH")


@click.command(name="list")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Which file says where the cluster is.")
@click.option("--context", default="", help="Which of its contexts.")
def list_installed(kubeconfig: Path | None, context: str) -> None:
    """Show every installed plugin: its role, where it comes from, whether the cluster uses it and how it does."""
    states, why = _ask(kubeconfig, context)
    rows = sorted(_rows(find(), states))
    click.echo("\n".join(Grid(HEADINGS).lines(rows)))
    if states is None:
        click.echo(f"The cluster did not answer, so nothing is known of activity: {why}", err=True)


def _ask(kubeconfig: Path | None, context: str) -> tuple[list[PluginState] | None, str]:
    try:
        with open_session(kubeconfig, context) as session:
            return list_plugins(session.connection), ""
    except Failure as error:
        return None, error.message


def _rows(installed: list[Found], states: list[PluginState] | None) -> Iterator[tuple[str, ...]]:
    by_driver = {(state.role, state.running or state.driver): state for state in states or ()}
    for found in installed:
        state = by_driver.pop((found.role, found.name), None)
        origin = (found.role, found.name, found.distribution or "<unknown>", found.version or "<unknown>")
        known = role_named(found.role)
        if known is not None and known.contract is None:
            # Called by the API server since it started, if it fits; its log says when one does not.
            yield *origin, "hook", ""
        elif state is None:
            yield *origin, "<unknown>" if states is None else "no", ""
        else:
            yield *origin, "yes" if state.running == found.name else "no", state.health
    # What a Plugin object names and nobody brings is the first thing to see when a role is not served.
    for (role, name), state in by_driver.items():
        yield (
            role,
            name,
            state.distribution or "<not installed>",
            state.version,
            "yes" if state.running else "no",
            state.health,
        )
