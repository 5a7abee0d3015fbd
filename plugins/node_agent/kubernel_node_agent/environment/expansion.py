"""``$(NAME)`` in a command, an argument or a variable's value.

A name that is not defined stays as it is written; ``$$(NAME)`` is ``$(NAME)`` unexpanded (source: Kubernetes'
``third_party/forked/golang/expansion``).
"""

import re
from collections.abc import Mapping

__all__ = ["expand"]

_REFERENCE = re.compile(r"\$(?:\$|\(([^()]*)\))")


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Return the text with every reference to a defined variable replaced by its value."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return "$"
        return variables.get(name, match[0])

    return _REFERENCE.sub(value, text)
