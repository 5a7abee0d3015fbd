"""An object asked by the CEL rules of its schema, each where it stands: the object, every element, every value.

Source: apiextensions-apiserver ``pkg/apiserver/schema/cel/validation.go``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubernel.objects.cel import CostExceeded, EvaluationFailed, Expression
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_required,
    field_wrong,
)
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.correlation import ABSENT, counterpart
from kubernel.objects.schemas.expressions.rules import SELF, CompiledRule, compiled
from kubernel.objects.schemas.expressions.values import escaped, seen
from kubernel.objects.schemas.schema import Schema

__all__ = ["MOST_EVALUATIONS", "Rules", "blocks", "has_rules"]

MOST_EVALUATIONS = 2_000
"""How often the rules of one object are evaluated, all together: one takes some 20 µs, a write may not take 50 ms."""

_MOST_MESSAGE_BYTES = 5 * 1024
_BLOCKING = frozenset(
    {
        "FieldValueNotSupported",
        "FieldValueRequired",
        "FieldValueTooLong",
        "FieldValueTooMany",
        "FieldValueTypeInvalid",
    }
)
_OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run"


def has_rules(schema: Schema | None) -> bool:
    """Whether a schema or one inside it has rules."""
    if schema is None:
        return False
    inner = (schema.item, schema.additional_schema, *schema.properties.values())
    return bool(schema.rules) or any(has_rules(nested) for nested in inner)


def blocks(errors: list[FieldError]) -> bool:
    """Whether an object is so wrong that its rules cannot be asked."""
    return any(error.reason in _BLOCKING for error in errors)


class Rules:
    """The rules of one schema and of everything inside it; compiled when an object first asks."""

    def __init__(self, schema: Schema, *, is_resource: bool) -> None:
        self._schema = schema
        self._is_resource = is_resource
        self._here: list[CompiledRule] | None = None
        self._item = Rules(schema.item, is_resource=False) if has_rules(schema.item) and schema.item else None
        additional = schema.additional_schema
        self._values = Rules(additional, is_resource=False) if additional and has_rules(additional) else None
        self._members = {
            name: Rules(nested, is_resource=nested.is_embedded)
            for name, nested in schema.properties.items()
            if has_rules(nested)
        }

    def errors(self, new: Any, old: Any = ABSENT) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """Yield what the rules say of a value.

        Args:
            new: The value, valid by its schema.
            old: The value that it replaces; `ABSENT` when it is new.
        """
        walk = _Walk()
        new_seen = seen(new, self._schema)
        old_seen = ABSENT if old is ABSENT else seen(old, self._schema)
        yield from walk.value(self, _Place("", new, old, new_seen, old_seen))

    def here(self) -> list[CompiledRule]:
        """Return the rules at this place."""
        if self._here is None:
            self._here = [compiled(self._schema, rule, is_resource=self._is_resource) for rule in self._schema.rules]
        return self._here

    def inside(self, place: "_Place") -> Iterator[tuple["Rules", "_Place"]]:
        """Yield the rules of what is inside a value, each with its place."""
        if isinstance(place.new, list) and self._item is not None:
            for i in range(len(place.new)):
                yield self._item, place.at(self._schema, i, f"{place.path}[{i}]")
        elif isinstance(place.new, dict):
            for name in place.new:
                if name in self._members:
                    yield self._members[name], place.at(self._schema, name, child(place.path, name))
                elif self._values is not None and name not in self._schema.properties:
                    yield self._values, place.at(self._schema, name, key(place.path, name))

    @property
    def is_scalar(self) -> bool:
        """Whether errors show the value; objects and lists would be too long."""
        return self._schema.type not in ("object", "array")


@dataclass(slots=True)
class _Place:
    """A value, what it was, and how expressions see both."""

    path: str
    new: Any
    old: Any
    new_seen: Any
    old_seen: Any
    is_unchanged: bool = False

    def __post_init__(self) -> None:
        self.is_unchanged = self.is_unchanged or (self.old is not ABSENT and self.new == self.old)

    def at(self, schema: Schema, step: str | int, path: str) -> "_Place":
        """Return the place of a member or an element."""
        old, _ = counterpart(self.new, self.old, schema, step) if self.old is not ABSENT else (ABSENT, None)
        name = escaped(step) if isinstance(step, str) and schema.properties else step
        old_seen = ABSENT
        if old is not ABSENT:
            where = name if isinstance(step, str) else next(i for i, e in enumerate(self.old) if e is old)
            old_seen = self.old_seen[where]
        return _Place(path, self.new[step], old, self.new_seen[name], old_seen, self.is_unchanged)


class _Walk:
    """One walk with its budget."""

    def __init__(self) -> None:
        self._left = MOST_EVALUATIONS

    def value(self, rules: Rules, place: _Place) -> Iterator[FieldError]:
        """Ask the rules of a value, then those inside it; ends when the budget is used up."""
        if place.new is None or self._left < 0:
            return
        for rule in rules.here():
            if self._left <= 0:
                self._left = -1
                yield field_wrong(place.path, _OUT_OF_BUDGET)
                return
            yield from self._rule(rules, rule, place)
            if self._left < 0:
                return
        for nested, where in rules.inside(place):
            yield from self.value(nested, where)

    def _rule(self, rules: Rules, rule: CompiledRule, place: _Place) -> Iterator[FieldError]:
        if rule.expression is None:  # stored by an older release
            yield field_wrong(place.path, f"rule compile error: {rule.problem}")
            return
        is_optional = bool(rule.rule.optional_old_self)
        if rule.looks_back and place.old_seen is ABSENT and not is_optional:
            return
        old = None if place.old_seen is ABSENT else place.old_seen
        if is_optional:
            old = [] if place.old_seen is ABSENT else [place.old_seen]
        data = {SELF: place.new_seen, "oldSelf": old}
        self._left -= 1
        shown = rule.rule.message.strip() or rule.rule.rule.strip()
        try:
            if rule.expression.evaluate(data) is True:
                return
        except CostExceeded as error:
            self._left = -1
            why = f"'{error}': no further validation rules will be run due to call cost exceeds limit for rule: {shown}"
            yield field_wrong(place.path, why)
            return
        except EvaluationFailed as error:
            yield field_wrong(place.path, _failed(str(error), shown))
            return
        if not rule.looks_back and place.is_unchanged:
            return
        path = child(place.path, rule.field) if rule.field else place.path
        detail = self._message(rule, data) or rule.rule.message.strip() or f"failed rule: {shown}"
        yield _blamed(path, place.new if rules.is_scalar else ABSENT, detail, rule.rule.reason)

    def _message(self, rule: CompiledRule, data: dict[str, Any]) -> str:
        expression: Expression | None = rule.message
        if expression is None:
            return ""
        self._left -= 1
        try:
            message = expression.evaluate(data)
        except EvaluationFailed:
            return ""
        text = message.strip() if isinstance(message, str) else ""
        is_usable = len(text.encode()) <= _MOST_MESSAGE_BYTES and "\n" not in text and "\r" not in text
        return text if is_usable else ""


def _failed(why: str, shown: str) -> str:
    if why.startswith("no such overload"):
        return (
            f"'{why}': call arguments did not match a supported operator, function or macro signature for rule: {shown}"
        )
    return f"{why} evaluating rule: {shown}"


def _blamed(path: str, value: Any, detail: str, reason: str | None) -> FieldError:  # noqa: ANN401
    where = path or "<nil>"
    if reason == "FieldValueForbidden":
        return field_forbidden(where, detail)
    if reason == "FieldValueRequired":
        return field_required(where, detail)
    if reason == "FieldValueDuplicate" and value is not ABSENT:
        return field_duplicate(where, value)
    return field_wrong(where, detail) if value is ABSENT else field_invalid(where, value, detail)
