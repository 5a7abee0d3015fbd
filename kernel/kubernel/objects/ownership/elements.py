"""One step of a path to a field, in the text that ``managedFields`` keeps: ``f:spec``, ``k:{"name":"web"}``, ``v:1``.

A step is the member of a map (``f:``), the element of a list by its keys (``k:``), of a set by its value (``v:``) or by
its place (``i:``). The text is the step: two steps are the same when their texts are, so keys are written in one way,
sorted and without spaces. Source: structured-merge-diff ``fieldpath/serialize-pe.go``.
"""

from functools import lru_cache
from typing import Any

import msgspec

from kubernel.objects.ownership.shapes import Shape

__all__ = ["Unshaped", "canonical", "item_step", "member_step", "step_name"]

_EXACT = 2**53
"""Floats from here on stand for several whole numbers."""

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


class Unshaped(Exception):  # noqa: N818 - named after the condition
    """A value that does not have the shape of its type, such as a list's element without its keys.

    Attributes:
        path: Where, such as ``.spec.ports``; put together on the way out.
        why: What is wrong there.
    """

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(f"{path}: {why}" if path else why)
        self.why = why
        self.path = path

    def below(self, step: str) -> "Unshaped":
        """Return the same problem, seen from one step further out."""
        return Unshaped(self.why, step_name(step) + self.path)


def member_step(name: str) -> str:
    """Return the step to a map's member."""
    return "f:" + name


def item_step(item: Any, shape: Shape) -> str:  # noqa: ANN401 - any JSON value
    """Return the step to an element of a list whose elements have identities.

    Args:
        item: The element.
        shape: The list's shape.

    Raises:
        Unshaped: The element is of a kind that has none here.
    """
    if not shape.keys:
        if item is None or isinstance(item, dict | list):
            raise Unshaped(f"a set cannot hold {_kind_of(item)}")
        return "v:" + _encode(_number(item)).decode()
    if not isinstance(item, dict):
        raise Unshaped(f"associative list with keys may not have {_kind_of(item)} elements")
    found = {}
    for key in shape.keys:
        value = item.get(key)
        if value is None:
            value = shape.defaults.get(key)
        if value is not None:
            found[key] = _number(value) if type(value) is float else value
    if not found:
        listed = " ".join(f'"{key}"' for key in shape.keys)
        raise Unshaped(
            f"associative list with keys has an element that omits all key fields [{listed}] "
            "(and doesn't have default values for any key fields)"
        )
    return "k:" + _encode(found).decode()


def _number(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write 80.0 as 80: they are one number."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _kind_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return {dict: "map", list: "list", type(None): "null"}.get(type(value), "non-map")


@lru_cache(maxsize=4096)
def canonical(step: str) -> str | None:
    """Return a client's step as this module writes it; ``None`` for a sort of step that is not known.

    Raises:
        ValueError: It is no step.
    """
    sort, content = step[:2], step[2:]
    if len(sort) < 2 or sort[1] != ":":
        raise ValueError(f"missing colon: {step}")
    if sort == "f:":
        return step
    if sort == "i:":
        return f"i:{int(content)}"
    if sort not in ("k:", "v:"):
        return None
    try:
        value = _decode(content.encode())
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"{step}: {error}") from error
    if sort == "v:":
        return "v:" + _encode(_number(value)).decode()
    if not isinstance(value, dict):
        raise ValueError(f"{step}: not a map of keys")  # noqa: TRY004 - a wrong value
    return "k:" + _encode({key: _number(member) for key, member in value.items()}).decode()


def step_name(step: str) -> str:
    """Return a step as messages show it: ``.spec``, ``[name="web"]``, ``[="a"]``, ``[3]``."""
    sort, content = step[:2], step[2:]
    if sort == "f:":
        return f".{content}"
    if sort == "k:":
        keys = sorted(_decode(content.encode()).items())
        return f"[{','.join(f'{key}={_encode(value).decode()}' for key, value in keys)}]"
    return f"[={content}]" if sort == "v:" else f"[{content}]"
