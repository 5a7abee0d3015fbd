"""``kubernel plugin use``: let another driver serve a role, and wait until it does or has failed to."""

import json
import time

import click

from kubernel.cli.access.connection import Connection, Plain
from kubernel.cli.access.session import Session, connects
from kubernel.cli.errors import Failure
from kubernel.cli.plugins.objects import PluginState, create, list_plugins, patch, read
from kubernel.plugin.contracts import role_named

__all__ = ["use"]

POLL_S = 0.1


@click.command()
@click.argument("role")
@click.argument("name")
@click.option("--package", default="", help="What pip installs first, when the plugin is not installed yet.")
@click.option("--config", "config_text", default="", metavar="JSON", help="The driver's settings.")
@click.option("--timeout", "timeout_s", type=float, default=120.0, help="Seconds to wait for the outcome.")
@connects
def use(session: Session, role: str, name: str, package: str, config_text: str, timeout_s: float) -> None:
    """Let another driver serve a role: `kubernel plugin use scheduler binpack`.

    The new driver is checked and started beside the old one, and takes over when it is ready; whatever goes wrong,
    the old one goes on.
    """
    config = _config(config_text)
    before = time.monotonic()
    changed = _write(session.connection, role, name, package, config)
    state = _await(session.connection, changed, name, timeout_s)
    if state.running != name or state.phase != "Running":
        stays = f"; {state.running!r} goes on" if state.running and state.running != name else ""
        raise Failure(f"{role} {name!r} was not taken: {state.message or state.phase}{stays}")
    click.echo(
        f"{role} is served by {name} ({state.distribution} {state.version}) after {time.monotonic() - before:.1f} s"
    )


def _config(text: str) -> Plain | None:
    if not text:
        return None
    try:
        config = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--config is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise click.UsageError("--config must be a JSON object, such as '{\"grace_s\": 60}'.")
    return config


def _write(connection: Connection, role: str, name: str, package: str, config: Plain | None) -> PluginState:
    known = role_named(role)
    if known is None or known.contract is None:
        raise Failure(f"there is no role {role!r} that a driver could serve")
    states = [state for state in list_plugins(connection) if state.role == role]
    if not known.exclusive:
        states = [state for state in states if state.driver == name]
    if not states:
        spec: Plain = {"role": role, "driver": name, "package": package or None, "config": config, "enabled": True}
        object_name = role if known.exclusive else f"{name}-{role}"
        return create(connection, object_name, {key: value for key, value in spec.items() if value is not None})
    spec = {"driver": name, "enabled": True}
    # Another driver does not know the old one's settings; the same one keeps them unless new ones are given.
    if config is not None or states[0].driver != name:
        spec["config"] = config
    if package or states[0].driver != name:
        spec["package"] = package or None
    return patch(connection, states[0].name, spec)


def _await(connection: Connection, state: PluginState, name: str, timeout_s: float) -> PluginState:
    from rich.console import Console  # noqa: PLC0415 - the only user of rich here, and it is not needed for `--help`

    deadline = time.monotonic() + timeout_s
    with Console(stderr=True).status(f"Waiting for {name} …") as status:
        while not _is_over(state, name):
            if time.monotonic() > deadline:
                raise Failure(
                    f"{name!r} is neither ready nor refused after {timeout_s:g} s; see `kubernel plugin list`"
                )
            time.sleep(POLL_S)
            state = read(connection, state.name)
            status.update(f"Waiting for {name}: {state.phase or 'Pending'} {state.message}")
    return state


def _is_over(state: PluginState, name: str) -> bool:
    if not state.is_settled or state.phase in ("", "Pending"):
        return False
    took_over = state.running == name and state.phase == "Running" and state.ready
    return took_over or state.phase == "Failed" or state.running != name
