"""Small rules that the validators of many kinds share: ranges, enumerations, relative paths.

Each yields the errors of one field, in Kubernetes' words (source: ``pkg/apis/core/validation``).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_many,
)
from kubernel.objects.rules.names import NameRule, port_name_errors, port_number_errors

__all__ = [
    "IMMUTABLE",
    "at_least_zero",
    "config_mode",
    "duplicates",
    "each",
    "each_once",
    "immutable",
    "named",
    "one_of",
    "port_or_name",
    "relative_path",
    "repeats",
    "required_name",
    "within",
]

T = TypeVar("T")
IMMUTABLE = "field is immutable"


def named(rule: NameRule, value: str | None, path: str) -> Iterable[FieldError]:
    """Apply a rule of ``names``; an absent value is right."""
    if value:
        for why in rule(value):
            yield field_invalid(path, value, why)


def required_name(rule: NameRule, value: str | None, path: str) -> Iterable[FieldError]:
    """Apply a rule of ``names`` to a value that must be there."""
    if not value:
        yield field_required(path)
    else:
        for why in rule(value):
            yield field_invalid(path, value, why)


def at_least_zero(value: int | None, path: str) -> Iterable[FieldError]:
    """Check that a number is not negative; ``None`` is right."""
    if value is not None and value < 0:
        yield field_invalid(path, value, "must be greater than or equal to 0")


def within(value: int | None, low: int, high: int, path: str) -> Iterable[FieldError]:
    """Check that a number is in a closed range; ``None`` is right."""
    if value is not None and not low <= value <= high:
        yield field_invalid(path, value, f"must be between {low} and {high}, inclusive")


def one_of(value: str | None, supported: Sequence[str], path: str) -> Iterable[FieldError]:
    """Check an enumerated field that defaults have filled in."""
    if not value:
        yield field_required(path)
    elif value not in supported:
        yield field_not_supported(path, value, supported)


def port_or_name(port: int | str, path: str) -> Iterable[FieldError]:
    """Check a port given by number or by a container port's name."""
    why = port_number_errors(port) if isinstance(port, int) else port_name_errors(port)
    for sentence in why:
        yield field_invalid(path, port, sentence)


def relative_path(value: str, path: str) -> Iterable[FieldError]:
    """Check a path that must stay below a directory."""
    if value.startswith("/"):
        yield field_invalid(path, value, "must be a relative path")
    if ".." in value.split("/"):
        yield field_invalid(path, value, "must not contain '..'")


def config_mode(mode: int | None, path: str) -> Iterable[FieldError]:
    """Check the permission bits of a volume's files."""
    if mode is not None and not 0 <= mode <= 0o777:
        yield field_invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")


def immutable(new: object, old: object, path: str, why: str = IMMUTABLE) -> Iterable[FieldError]:
    """Check that an update kept a field."""
    if new != old:
        yield field_invalid(path, new, why)


def duplicates(values: Iterable[str | None], path_of: Callable[[int], str]) -> Iterable[FieldError]:
    """Report every value that was there before; empty ones do not count.

    Args:
        values: The values in the list's order.
        path_of: The path of the value at an index.
    """
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value and value in seen:
            yield field_duplicate(path_of(index), value)
        elif value:
            seen.add(value)


def each(
    items: Sequence[T] | None, path: str, rule: Callable[[T, str], Iterable[FieldError]], most: int | None = None
) -> Iterable[FieldError]:
    """Apply a rule to every element of a list; of one that is too long nothing else is said.

    Args:
        items: The list; there may be none.
        path: Where it is.
        rule: Called with an element and its path.
        most: How long the list may be; ``None`` for any length.
    """
    items = items or ()
    if most is not None and len(items) > most:
        yield field_too_many(path, len(items), most)
        return
    for i, item in enumerate(items):
        yield from rule(item, f"{path}[{i}]")


def each_once(
    items: Sequence[T] | None,
    path: str,
    rule: Callable[[T, str], Iterable[FieldError]],
    key: Callable[[T], str],
    most: int | None = None,
) -> Iterable[FieldError]:
    """As `each`, for a list whose elements must differ in what ``key`` makes of them."""
    yield from each(items, path, rule, most)
    if most is None or len(items or ()) <= most:
        for i, name, is_repeated in repeats(map(key, items or ())):
            if is_repeated:
                yield field_duplicate(f"{path}[{i}]", name)


def repeats(values: Iterable[T]) -> Iterator[tuple[int, T, bool]]:
    """Yield each value with its index, and whether it was there before; in one pass, however many they are.

    Args:
        values: Texts, numbers and tuples of them, or whatever has a form in JSON.
    """
    seen: set[Hashable] = set()
    for index, value in enumerate(values):
        key = value if isinstance(value, str | int | tuple) else msgspec.json.encode(value, order="deterministic")
        yield index, value, key in seen
        seen.add(key)
