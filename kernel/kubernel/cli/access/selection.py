"""Which objects a command line means: ``pod a b``, ``pod/a rc/b``, ``pods,svc``, ``all``."""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from kubernel.cli.access.resources import Resource, Resources

__all__ = ["Selection", "select", "select_one"]


@dataclass(frozen=True, slots=True)
class Selection:
    """A resource, and the names of the objects meant; no names means all of them."""

    resource: Resource
    names: tuple[str, ...] = ()


def select(resources: Resources, words: Sequence[str]) -> list[Selection]:
    """Read the words after the command.

    Raises:
        click.UsageError: The words do not fit together.
        Failure: The server has no such type.
    """
    if not words:
        raise click.UsageError("You must say which type of object, such as `pods`, or TYPE/NAME.")
    if any("/" in word for word in words):
        return [_pair(resources, word) for word in words]
    types, names = words[0].split(","), tuple(words[1:])
    found = [resource for word in types for resource in resources.named(word)]
    return [Selection(resource, names) for resource in found]


def select_one(resources: Resources, words: Sequence[str]) -> tuple[Resource, str]:
    """Read ``TYPE NAME`` or ``TYPE/NAME``.

    Raises:
        click.UsageError: The words mean none or several.
    """
    selections = select(resources, words)
    if len(selections) != 1 or len(selections[0].names) != 1:
        raise click.UsageError("You must name exactly one object, as TYPE NAME or TYPE/NAME.")
    return selections[0].resource, selections[0].names[0]


def _pair(resources: Resources, word: str) -> Selection:
    kind, slash, name = word.partition("/")
    if not (kind and slash and name):
        raise click.UsageError(f"{word!r}: when one argument is TYPE/NAME, all must be.")
    return Selection(resources.one(kind), (name,))
