"""A click group whose commands are imported when they are used.

The help page is printed from the table alone, so neither ``kubernel --help`` nor a command pays for its neighbours.
"""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass

import click

__all__ = ["Entry", "LazyGroup"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the table.

    Attributes:
        name: What people type.
        target: ``module:attribute`` of the `click.Command`.
        summary: Its line on the help page.
    """

    name: str
    target: str
    summary: str


class LazyGroup(click.Group):
    """A group over a table of entries, in the table's order."""

    def __init__(self, *, entries: Iterable[Entry], name: str | None = None, help: str | None = None) -> None:  # noqa: A002 - click's own name for it
        super().__init__(name=name, help=help, context_settings={"help_option_names": ["-h", "--help"]})
        self._entries = {entry.name: entry for entry in entries}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they stand in the table."""
        return [*self._entries, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or return ``None`` when there is none of this name."""
        entry = self._entries.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), f"{entry.target} is not a command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the table without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in self._entries.values()])
