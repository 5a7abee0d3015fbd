"""The columns of a custom kind's table, each a JSON path into the object.

Source: apiextensions-apiserver ``pkg/registry/customresource/tableconvertor``.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.cells import AGE, NAME, age
from kubernel.objects.custom.custom_object import CustomObject
from kubernel.objects.kind import Cell, Column
from kubernel.objects.schemas.json_paths import BadPath, Path, parse_path

__all__ = ["columns_of", "text_of"]


def columns_of(
    definitions: Iterable[apiextensions.CustomResourceColumnDefinition] | None,
) -> tuple[Column[CustomObject], ...]:
    """Return the columns of a version; without any of its own it shows the age."""
    listed = list(definitions or ())
    return (NAME, *map(_column, listed)) if listed else (NAME, AGE)


def _column(column: apiextensions.CustomResourceColumnDefinition) -> Column[CustomObject]:
    default = f"Custom resource definition column (in JSONPath format): {column.jsonPath}"
    return Column(
        column.name,
        _cell(column.jsonPath, _SHOWN.get(column.type, _nothing)),
        type=column.type,
        format=column.format or "",
        priority=column.priority or 0,
        description=column.description or default,
    )


def _cell(text: str, show: Callable[[Any, datetime], Cell]) -> Callable[[CustomObject, datetime], Cell]:
    try:
        path = parse_path(text)
    except BadPath:
        path = Path(text, (_nowhere,))

    def cell(obj: CustomObject, now: datetime) -> Cell:
        value = path.first(obj.plain())
        return None if value is None else show(value, now)

    return cell


def _nowhere(_value: Any) -> Any:  # noqa: ANN401 - a step of a path
    return iter(())


def _nothing(_value: Any, _now: datetime) -> Cell:  # noqa: ANN401
    return None


def text_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as text: strings as they are, everything else as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _integer(value: Any, _now: datetime) -> Cell:  # noqa: ANN401
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Any, _now: datetime) -> Cell:  # noqa: ANN401
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None  # type: ignore[return-value]  # JSON has one kind of number


def _boolean(value: Any, _now: datetime) -> Cell:  # noqa: ANN401
    return value if isinstance(value, bool) else None


def _date(value: Any, now: datetime) -> Cell:  # noqa: ANN401
    if not isinstance(value, str):
        return None
    try:
        return age(msgspec.convert(value, datetime), now)
    except (msgspec.ValidationError, TypeError):
        return "<invalid>"


_SHOWN: dict[str, Callable[[Any, datetime], Cell]] = {
    "string": lambda value, _now: text_of(value),
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}
