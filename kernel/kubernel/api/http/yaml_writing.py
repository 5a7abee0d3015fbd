"""YAML that says the same as the JSON it is made of, for every reader of YAML 1.1 or 1.2."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

__all__ = ["yaml_pieces"]

_LIST = ord("[")
_END = "...\n"
"""Comes after text that ends in empty lines, when nothing else comes after it."""

_LOOKS_LIKE_MORE = re.compile(
    r"[-+.]*[0-9][-+0-9a-z_.,: ]*|[-+]?\.(inf|nan)|y|n|yes|no|on|off|true|false|null|~|=|<<",
    re.IGNORECASE,
)
"""Text that some reader would take for a number, a time, a boolean or nothing, if it were not in quotes."""


_OTHER_BREAKS = re.compile(r"[\r\x85\u2028\u2029]")
"""What YAML takes for the end of a line, and readers for the one that they know."""

AT_ONCE_BYTES = 64 * 1024
"""What is larger, as JSON, is written by the library's slower half: it is Python, so others get their turn meanwhile,
while the quick one keeps the interpreter to itself until it is done (some 0.1 seconds a MiB)."""

_Dumper = type[yaml.CSafeDumper] | type[yaml.SafeDumper]


class _Quick(yaml.CSafeDumper):
    """Quotes what could be mistaken, and writes no anchors: Kubernetes' readers refuse them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the base class' signature
        return True


class _Patient(yaml.SafeDumper):
    """The same in Python."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - likewise
        return True


def _text(dumper: yaml.CSafeDumper | yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    is_odd = _LOOKS_LIKE_MORE.fullmatch(value) or _OTHER_BREAKS.search(value)
    style = '"' if is_odd else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Quick.add_representer(str, _text)
_Patient.add_representer(str, _text)


def yaml_pieces(body: bytes) -> Iterator[str]:
    """Yield a JSON document as a YAML document, keys sorted as Kubernetes sorts them.

    A list (of objects, of a table's rows) comes an item at a time: decoded items need ten times the memory of their
    text, and between two of them somebody else may have the interpreter.
    """
    members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    for key, raw in sorted(members.items()):
        items = msgspec.json.decode(raw, type=list[msgspec.Raw]) if memoryview(raw)[0] == _LIST else []
        if not items:
            yield _written({key: msgspec.json.decode(raw)}, len(memoryview(raw)))
            continue
        yield _written({key: None}).removesuffix(" null\n") + "\n"
        for item in items:
            yield _written([msgspec.json.decode(item)], len(memoryview(item)))


def _written(value: Any, json_bytes: int = 0) -> str:  # noqa: ANN401 - any JSON value
    dumper: _Dumper = _Quick if json_bytes <= AT_ONCE_BYTES else _Patient
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=True, allow_unicode=True, width=2**31 - 1)
    return text[: -len(_END)] if text.endswith(f"\n{_END}") else text
