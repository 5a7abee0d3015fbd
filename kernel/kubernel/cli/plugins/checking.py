"""``kubernel plugin check``: put an installed plugin to its contract's conformance kit, without a cluster."""

import asyncio
import json
import tempfile
from pathlib import Path

import click

from kubernel.cli.errors import Failure
from kubernel.plugin.conformance import Finding, run_checks, suite_of
from kubernel.plugin.contracts import Plugin
from kubernel.plugin.loading import PluginRefused, construct, load_driver

__all__ = ["check"]


@click.command()
@click.argument("role")
@click.argument("name")
@click.option("--config", "config_text", default="{}", metavar="JSON", help="The driver's settings.")
def check(role: str, name: str, config_text: str) -> None:
    """Check a plugin against its contract: `kubernel plugin check scheduler mine`."""
    try:
        config = json.loads(config_text)
    except ValueError as error:
        raise click.UsageError(f"--config is not JSON: {error}") from error
    try:
        driver = construct(load_driver(role, name), config)
    except PluginRefused as error:
        if error.trace:
            click.echo(error.trace, err=True)
        raise Failure(error.reason) from error
    _print(True, "loads and fits the contract")
    failed = asyncio.run(_check(role, driver))
    if failed:
        raise Failure(f"{role} {name!r} fails {failed} of {len(suite_of(role)) + 1} checks")


async def _check(role: str, driver: Plugin) -> int:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kubernel-check-") as workspace:
        async for finding in run_checks(suite_of(role), driver, Path(workspace)):
            failed += not finding.passed
            _show(finding)
    return failed


def _show(finding: Finding) -> None:
    _print(finding.passed, finding.check)
    if not finding.passed:
        click.echo(f"     {finding.message}")


def _print(passed: bool, sentence: str) -> None:
    mark = click.style("ok  ", fg="green") if passed else click.style("FAIL", fg="red", bold=True)
    click.echo(f"{mark} {sentence}")
