"""Validation of an object against its schema: ``jsonschema-rs`` finds what is wrong, `wording` says it.

A schema is compiled when an object is first checked against it. The only home of ``jsonschema_rs``.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from kubernel.objects.errors import FieldError
from kubernel.objects.models import Plain
from kubernel.objects.schemas.correlation import ABSENT, is_unchanged
from kubernel.objects.schemas.schema import Schema
from kubernel.objects.schemas.validating.formats import NUMBERS, STRINGS
from kubernel.objects.schemas.validating.json_schema import PATTERN, RANGE, json_schema
from kubernel.objects.schemas.validating.patterns import matches
from kubernel.objects.schemas.validating.wording import words

__all__ = ["Validator"]


MOST_ERRORS = 200
"""How many errors are told of one value; a list with a hundred thousand wrong elements has as many."""


class Validator:
    """Checks values against one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._json_schema: Plain = {}
        self._compiled: Any = None

    def errors(self, value: Any, path: str = "", *, old: Any = ABSENT) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON
        """Yield everything that is wrong with a value, in Kubernetes' words.

        Args:
            value: Plain JSON.
            path: Where the value stands.
            old: The value that it replaces; what is wrong in both and did not change is not said.
        """
        if self._compiled is None:
            self._json_schema = json_schema(self._schema)
            self._compiled = _compile(self._json_schema)
        if self._compiled.is_valid(value):
            return
        found = self._compiled.iter_errors(value)
        if old is not ABSENT:
            found = (error for error in found if not is_unchanged(error.instance_path, value, old, self._schema))
        yield from words(islice(found, MOST_ERRORS), self._json_schema, path)


class _Pattern:
    """The keyword for patterns."""

    def __init__(self, _parent: dict[str, Any], pattern: str, _path: list[str | int]) -> None:
        self._pattern = pattern

    def validate(self, value: object) -> None:
        if isinstance(value, str) and not matches(self._pattern, value):
            raise ValueError(self._pattern)


class _Range:
    """The keyword for the sizes of numbers."""

    def __init__(self, _parent: dict[str, Any], name: str, _path: list[str | int]) -> None:
        self._name = name
        of_type, limit = NUMBERS[name]
        self._low, self._high = -limit, limit - 1 if of_type == "integer" else limit

    def validate(self, value: object) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool) and not self._low <= value <= self._high:
            raise ValueError(self._name)


def _compile(schema: Plain) -> Any:  # noqa: ANN401 - the library's validator
    # 8 MiB and 20 ms that only a server with custom objects needs.
    import jsonschema_rs  # noqa: PLC0415

    return jsonschema_rs.Draft7Validator(
        schema,
        formats=dict(STRINGS),
        validate_formats=True,
        keywords={PATTERN: _Pattern, RANGE: _Range},
        offline=True,
    )
