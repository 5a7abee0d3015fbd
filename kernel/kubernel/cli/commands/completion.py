"""``kubernel completion``: the script that teaches a shell our commands and options."""

import click
from click.shell_completion import get_completion_class

__all__ = ["completion"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script: `eval "$(kubernel completion bash)"` in ~/.bashrc."""
    implementation = get_completion_class(shell)
    assert implementation is not None, "click knows the shells that the choice allows"
    root = context.find_root().command
    click.echo(implementation(root, {}, "kubernel", "_KUBERNEL_COMPLETE").source())
