"""``kubernel plugin show``: one plugin, from its own mouth and from the cluster's."""

from pathlib import Path

import click
import msgspec

from kubernel.cli.access.session import open_session
from kubernel.cli.errors import Failure
from kubernel.cli.plugins.objects import PluginState, list_plugins
from kubernel.cli.show.grid import Grid
from kubernel.plugin.contracts import Plugin
from kubernel.plugin.discovery import Found, find
from kubernel.plugin.loading import PluginRefused, load_driver

__all__ = ["show"]


@click.command()
@click.argument("role")
@click.argument("name")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Which file says where the cluster is.")
@click.option("--context", default="", help="Which of its contexts.")
def show(role: str, name: str, kubeconfig: Path | None, context: str) -> None:
    """Show one plugin: `kubernel plugin show scheduler binpack`."""
    found = [each for each in find(role) if each.name == name]
    if not found:
        others = ", ".join(each.name for each in find(role)) or "none"
        raise Failure(f"no installed distribution offers {role} {name!r}; installed: {others}")
    for each in found:
        _line("Role", each.role)
        _line("Name", each.name)
        _line("Distribution", f"{each.distribution} {each.version}")
        _line("Entry point", each.target)
    _own_words(found[0])
    state = _state(role, name, kubeconfig, context)
    if state is not None:
        _line("Object", f"plugins/{state.name}")
        _line("Active", "yes" if state.running == name else "no")
        _line("Health", state.health)


def _own_words(found: Found) -> None:
    try:
        driver = load_driver(found.role, found.name)
    except PluginRefused as error:
        _line("Refused", error.reason)
        if error.trace:
            click.echo(error.trace, err=True)
        return
    _line("Summary", driver.info.summary)
    _line("Contract", f"version {driver.info.api_version}")
    _line("Capabilities", ", ".join(sorted(driver.info.capabilities)) or "<none>")
    _settings(driver)


def _settings(driver: type[Plugin]) -> None:
    fields = msgspec.structs.fields(driver.settings)
    if not fields:
        _line("Settings", "<none>")
        return
    click.echo("Settings:")
    rows = [(field.encode_name, _type(field.type), repr(field.default)) for field in fields]
    for line in Grid(("NAME", "TYPE", "DEFAULT")).lines(rows):
        click.echo(f"  {line}")


def _type(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _state(role: str, name: str, kubeconfig: Path | None, context: str) -> PluginState | None:
    try:
        with open_session(kubeconfig, context) as session:
            states = list_plugins(session.connection)
    except Failure:
        return None  # without a cluster there is simply nothing to say about activity
    return next((state for state in states if state.role == role and name in (state.running, state.driver)), None)


def _line(title: str, text: str) -> None:
    click.echo(f"{title + ':':<14} {text}")
