"""Any object as an indented page: metadata first, then every other field as a tree, then the events.

Maps of plain values print one ``key=value`` a line; elements of a list are headed by their name when they have one.
A Secret's values are never shown, only their sizes.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from kubernel.cli.access.connection import Plain
from kubernel.cli.show.ages import age, moment
from kubernel.cli.show.event_rows import seen
from kubernel.cli.show.grid import Grid

__all__ = ["describe_events", "describe_object"]

INDENT = "  "
FIELD_WIDTH = 14
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FREE_MAPS = frozenset(
    [
        "allocatable",
        "annotations",
        "binaryData",
        "capacity",
        "config",
        "data",
        "labels",
        "limits",
        "matchLabels",
        "nodeSelector",
        "requests",
        "selector",
        "stringData",
    ]
)
"""Fields whose keys are the user's own words, which are shown as they are."""
_HIDDEN = frozenset({"apiVersion", "kind", "metadata"})
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def describe_object(kind: str, document: Plain) -> list[str]:
    """Return the page without the events."""
    lines = list(_metadata(document["metadata"]))
    for field, value in document.items():
        if field in _HIDDEN:
            continue
        secret = kind == "Secret" and field in ("data", "stringData")
        lines += _tree(field, {key: _size(text) for key, text in value.items()} if secret else value, "")
    return lines


def describe_events(events: Sequence[Plain]) -> list[str]:
    """Return the events as a table, or the line that says there are none."""
    if not events:
        return ["Events:         <none>"]
    grid = Grid(("Type", "Reason", "Age", "From", "Message"))
    rows = [
        (
            event.get("type") or "",
            event.get("reason") or "",
            seen(event),
            (event.get("source") or {}).get("component") or event.get("reportingComponent") or "",
            " ".join((event.get("message") or "").split()),
        )
        for event in events
    ]
    return ["Events:", *(INDENT + line for line in grid.lines(rows))]


def _metadata(metadata: Plain) -> Iterator[str]:
    yield _line("Name", metadata["name"])
    if metadata.get("namespace"):
        yield _line("Namespace", metadata["namespace"])
    annotations = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != LAST_APPLIED}
    for title, pairs in (("Labels", metadata.get("labels") or {}), ("Annotations", annotations)):
        texts = [f"{key}={value}" for key, value in sorted(pairs.items())] or ["<none>"]
        yield _line(title, texts[0])
        for text in texts[1:]:
            yield " " * (FIELD_WIDTH + 2) + text
    created = metadata.get("creationTimestamp")
    yield _line("Created", f"{created} ({age(moment(created))} ago)")
    if metadata.get("deletionTimestamp"):
        yield _line("Deletion", f"since {age(moment(metadata['deletionTimestamp']))}")
    for owner in metadata.get("ownerReferences") or ():
        if owner.get("controller"):
            yield _line("Controlled By", f"{owner['kind']}/{owner['name']}")


def _tree(field: str, value: object, indent: str, *, is_own_word: bool = False) -> Iterator[str]:
    title = field if is_own_word else _title(field)
    if isinstance(value, dict):
        if not value:
            return
        yield f"{indent}{title}:"
        for key, inner in value.items():
            yield from _tree(key, inner, indent + INDENT, is_own_word=field in _FREE_MAPS)
    elif isinstance(value, list):
        yield from _list(title, value, indent)
    else:
        yield from _text(title, _scalar(value), indent)


def _list(title: str, values: list[object], indent: str) -> Iterator[str]:
    if all(not isinstance(value, dict | list) for value in values):
        texts = [_scalar(value) for value in values]
        joint = "\n" if any("\n" in text for text in texts) else ", "
        yield from _text(title, joint.join(texts) or "<none>", indent)
        return
    yield f"{indent}{title}:"
    for number, value in enumerate(values, start=1):
        name = value.get("name") or value.get("type") if isinstance(value, dict) else None
        yield f"{indent}{INDENT}{name or f'#{number}'}:"
        fields = value.items() if isinstance(value, dict) else [("values", value)]
        for key, inner in fields:
            if inner is not name:
                yield from _tree(key, inner, indent + INDENT * 2)


def _text(title: str, text: str, indent: str) -> Iterator[str]:
    if "\n" not in text:
        yield _line(title, text, indent)
        return
    yield f"{indent}{title}:"
    yield from (f"{indent}{INDENT}{line}" for line in text.splitlines())


def _title(field: str) -> str:
    """Return ``Resource Version`` for ``resourceVersion``; keys that are no field names stay as they are."""
    if not field.isalnum() or not field[:1].islower():
        return field
    return " ".join(word if word.isupper() else word[:1].upper() + word[1:] for word in _WORD.split(field))


def _line(title: str, text: str, indent: str = "") -> str:
    return f"{indent}{title + ':':<{FIELD_WIDTH}}  {text}".rstrip()


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "<none>" if value is None or value == "" else str(value)


def _size(text: str) -> str:
    try:
        return f"{len(base64.b64decode(text))} bytes"
    except (binascii.Error, ValueError):
        return f"{len(text)} characters"
