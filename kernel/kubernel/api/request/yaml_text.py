"""YAML as Kubernetes reads it: a way of writing JSON, of one document, without what only YAML has.

The events of the parser are put together here and not by PyYAML's loader, whose nodes cost a kilobyte each, which
recurses in C, follows aliases and keeps of two equal keys the last without a word. Plain words mean what they mean to
``sigs.k8s.io/yaml`` (YAML 1.1: ``yes`` and ``on`` are true, ``010`` is eight), but a date stays text.
"""

import math
import re
from typing import Any

import yaml

from kubernel.objects.bounds import MAX_DEPTH, too_deep
from kubernel.objects.errors import StatusError, bad_request

__all__ = ["MAX_YAML_VALUES", "read_yaml"]

MAX_YAML_VALUES = 30_000
"""Keys and values in one text; reading one costs 1 µs, ten times as much as in JSON (decision 0051)."""

_TRUE = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_FALSE = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WHOLE = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_NUMBER_START = frozenset("+-.0123456789")
_DIGITS_MAX = 400
_STR = "tag:yaml.org,2002:str"
_NO_KEY: Any = object()

_SCALAR = yaml.ScalarEvent
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_OPENING = {yaml.MappingStartEvent: dict, yaml.SequenceStartEvent: list}


def read_yaml(body: bytes) -> tuple[Any, list[str]]:
    """Read a body.

    Returns:
        Its plain value, and what strict decoding finds: keys that stand twice, each as Kubernetes' sentence.

    Raises:
        StatusError: 400, it is no YAML or has what JSON cannot have; 413, it has too many values.
    """
    reader = _Reader()
    try:
        for event in yaml.parse(body, Loader=yaml.CSafeLoader):
            reader.take(event)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise bad_request(f"error converting YAML to JSON: yaml: {error}") from error
    return reader.value, reader.findings


class _Reader:
    """Puts events together, without recursion."""

    def __init__(self) -> None:
        self.value: Any = None
        self.findings: list[str] = []
        self._left = MAX_YAML_VALUES
        self._documents = 0
        # What is open, outermost first: a list or a dict, and for a dict the key that waits for its value.
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[Any] = []

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's types are not typed
        if isinstance(event, _SCALAR):
            self._put(event, _resolved(event))
        elif isinstance(event, _CLOSING):
            self._open.pop()
            self._keys.pop()
        elif type(event) in _OPENING:
            self._enter(event)
        elif isinstance(event, yaml.AliasEvent):
            raise _refusal(event, "aliases are not accepted; write the value out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refusal(event, "more than one document; send one request for each")

    def _enter(self, event: Any) -> None:  # noqa: ANN401
        if event.tag is not None:
            raise _refusal(event, f'the tag "{event.tag}" is not accepted')
        if len(self._open) >= MAX_DEPTH:
            raise too_deep()
        if self._open and self._keys[-1] is _NO_KEY and isinstance(self._open[-1], dict):
            raise _refusal(event, "a key must be text")
        value: dict[str, Any] | list[Any] = _OPENING[type(event)]()
        self._put(event, value)
        self._open.append(value)
        self._keys.append(_NO_KEY)

    def _put(self, event: Any, value: Any) -> None:  # noqa: ANN401
        if event.anchor is not None:
            raise _refusal(event, "anchors are not accepted; write the value out where it is meant")
        self._left -= 1
        if self._left < 0:
            message = f"Request entity too large: limit is {MAX_YAML_VALUES} values in YAML; send JSON"
            raise StatusError(413, "RequestEntityTooLarge", message)
        if not self._open:
            self.value = value
            return
        within, key = self._open[-1], self._keys[-1]
        if isinstance(within, list):
            within.append(value)
        elif key is _NO_KEY:
            self._keys[-1] = self._key(event, value, within)
        else:
            within[key] = value
            self._keys[-1] = _NO_KEY

    def _key(self, event: Any, value: Any, within: dict[str, Any]) -> str:  # noqa: ANN401
        if value is None:
            raise _refusal(event, "a key must be text")
        key = value if isinstance(value, str) else ("false", "true")[value] if isinstance(value, bool) else str(value)
        if key == "<<" and not event.style:
            raise _refusal(event, "merge keys are not accepted; write the values out")
        if key in within:
            self.findings.append(f'line {event.start_mark.line + 1}: key "{key}" already set in map')
        return key


def _refusal(event: Any, why: str) -> StatusError:  # noqa: ANN401
    return bad_request(f"error converting YAML to JSON: yaml: line {event.start_mark.line + 1}: {why}")


def _resolved(event: Any) -> Any:  # noqa: ANN401
    """Return what a scalar means."""
    text: str = event.value
    if event.tag not in (None, "!", _STR):
        raise _refusal(event, f'the tag "{event.tag}" is not accepted')
    if event.tag is not None or event.style:
        return text
    if text in _NULL:
        return None
    if text[0] in _NUMBER_START:
        return _number(event, text)
    if text in _TRUE:
        return True
    return False if text in _FALSE else text


def _number(event: Any, text: str) -> Any:  # noqa: ANN401
    """Return a number, or the text when it only begins like one."""
    if _NOT_JSON.fullmatch(text):
        raise _refusal(event, f"json: unsupported value: {text}")
    digits = text.replace("_", "")
    if len(digits) > _DIGITS_MAX:
        return text
    if whole := _WHOLE.fullmatch(digits):
        base = whole.lastgroup
        assert base is not None, "one of the alternatives matched"
        value = int(whole[base], _BASES[base])
        value = -value if whole["sign"] == "-" else value
        if -(1 << 63) <= value < 1 << 64:
            return value
    if _FLOAT.fullmatch(digits):
        number = float(digits)
        return text if math.isinf(number) else number
    return text
