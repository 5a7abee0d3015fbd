"""Which distributions may be plugins: a fence for machines where not everybody who can install may also extend.

Installing a distribution announces its plugins. Where that is too generous, ``KUBERNEL_PLUGINS_ALLOW`` names the
distributions that count, first-party ones included; nothing of another one is ever imported.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ALLOW_VARIABLE", "AllowList"]

ALLOW_VARIABLE = "KUBERNEL_PLUGINS_ALLOW"


@dataclass(frozen=True, slots=True)
class AllowList:
    """The distributions that may be loaded; ``names`` is ``None`` when there is no fence."""

    names: frozenset[str] | None = None

    @classmethod
    def of(cls, *names: str) -> "AllowList":
        """Return the list of exactly these distributions."""
        return cls(frozenset(map(_normal, names)))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "AllowList":
        """Read the comma-separated names in ``KUBERNEL_PLUGINS_ALLOW``; unset means no fence, empty means nobody."""
        text = environment.get(ALLOW_VARIABLE)
        if text is None:
            return cls()
        return cls.of(*(name for name in re.split(r"[\s,]+", text) if name))

    def permits(self, distribution: str) -> bool:
        """Whether this distribution may be loaded; names compare as pip compares them."""
        return self.names is None or _normal(distribution) in self.names


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
