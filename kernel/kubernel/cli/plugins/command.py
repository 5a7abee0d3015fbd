"""``kubernel plugin``: the table of its subcommands."""

from kubernel.cli.lazy import Entry, LazyGroup

__all__ = ["plugin"]

_AT = "kubernel.cli.plugins"

plugin = LazyGroup(
    name="plugin",
    help="List, show, swap and check plugins.",
    entries=(
        Entry("list", f"{_AT}.listing:list_installed", "Show every installed plugin and what it does in the cluster."),
        Entry("show", f"{_AT}.showing:show", "Show one plugin: what it can do, its settings, its state."),
        Entry("use", f"{_AT}.using:use", "Let another driver serve a role, without stopping the cluster."),
        Entry("check", f"{_AT}.checking:check", "Run the conformance kit on an installed plugin."),
    ),
)
