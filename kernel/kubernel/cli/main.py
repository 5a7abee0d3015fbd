"""The program ``kubernel``: the table of its commands, and the one place where a failure becomes an exit code.

Exit codes: 0 done, 1 the work could not be done, 2 the command line is wrong, 130 interrupted.
"""

import os
import sys

import click

from kubernel.cli.errors import Failure
from kubernel.cli.lazy import Entry, LazyGroup

__all__ = ["main", "root"]

INTERRUPTED = 130

_AT = "kubernel.cli.commands"

root = LazyGroup(
    name="kubernel",
    help="A container-orchestration kernel that speaks the Kubernetes API.\n\nEvery resource command works against any "
    "cluster in a kubeconfig; without one it finds the cluster that `kubernel up` started.",
    entries=(
        Entry("up", f"{_AT}.up:up", "Start a cluster on this machine."),
        Entry("down", f"{_AT}.down:down", "Stop it and everything that it started."),
        Entry("status", f"{_AT}.status:status", "Show what the cluster consists of and how it does."),
        Entry("get", f"{_AT}.get:get", "List objects, or watch them."),
        Entry("describe", f"{_AT}.describe:describe", "Show one object in full, with its events."),
        Entry("apply", f"{_AT}.apply:apply", "Make manifests true: create what is new, change what differs."),
        Entry("delete", f"{_AT}.delete:delete", "Delete objects and wait until they are gone."),
        Entry("scale", f"{_AT}.scale:scale", "Set the number of replicas."),
        Entry("logs", f"{_AT}.logs:logs", "Print what containers wrote."),
        Entry("events", f"{_AT}.events:events", "Show what happened, oldest first."),
        Entry("plugin", "kubernel.cli.plugins.command:plugin", "List, show, swap and check plugins."),
        Entry("version", f"{_AT}.version:version", "Print the versions of this program and of the server."),
        Entry("completion", f"{_AT}.completion:completion", "Print the completion script of a shell."),
    ),
)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = root.main(prog_name="kubernel", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except (Failure, click.ClickException) as error:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {error.format_message()}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (`| head`) has seen enough; the interpreter must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0
