"""YAML that says the same as the JSON it is made of, for every reader of YAML 1.1 or 1.2."""

import re
from typing import Any

import yaml

__all__ = ["to_yaml"]

_LOOKS_LIKE_MORE = re.compile(
    r"[-+.]*[0-9][-+0-9a-z_.,: ]*|[-+]?\.(inf|nan)|y|n|yes|no|on|off|true|false|null|~|=|<<",
    re.IGNORECASE,
)
"""Text that some reader would take for a number, a time, a boolean or nothing, if it were not in quotes."""


class _Dumper(yaml.CSafeDumper):
    """Quotes what could be mistaken, and writes no anchors: Kubernetes' readers refuse them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the base class' signature
        return True


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if _LOOKS_LIKE_MORE.fullmatch(value) else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a JSON value as a YAML document, keys sorted as Kubernetes sorts them."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=True, allow_unicode=True, width=2**31 - 1)
    return text.encode()
