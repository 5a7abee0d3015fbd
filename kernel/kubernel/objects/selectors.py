"""Label selectors: which objects belong together.

The whole grammar: ``a=1,b!=2,c in (x,y),d notin (z),e,!f,g>3``. `parse_selector` reads the text of a request,
`from_label_selector` the ``LabelSelector`` of a spec, `from_map` the plain map of a Service or ReplicationController.
A `Selector` is immutable and compiled once, since it is asked for every object of a list or watch. The words of the
errors are Kubernetes' (source: apimachinery ``pkg/labels``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kubernel.objects.errors import (
    FieldError,
    bad_request,
    field_forbidden,
    field_invalid,
    field_required,
)
from kubernel.objects.labels import is_label_key, is_label_value, label_errors, label_key_errors, label_value_errors
from kubernel.objects.models import meta
from kubernel.objects.selector_parser import SelectorSyntaxError, parse_terms

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Operator",
    "Requirement",
    "Selector",
    "from_label_selector",
    "from_map",
    "label_selector_errors",
    "parse_selector",
]


class Operator(StrEnum):
    """How a requirement relates a label's value to its own values."""

    EQUALS = "="
    NOT_EQUALS = "!="
    IN = "in"
    NOT_IN = "notin"
    EXISTS = "exists"
    DOES_NOT_EXIST = "!"
    GREATER = ">"
    LESS = "<"


_INTEGER = re.compile(r"[+-]?[0-9]+")


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label; ``values`` is sorted and without repeats."""

    key: str
    operator: Operator
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels meets the condition."""
        value = labels.get(self.key)
        match self.operator:
            case Operator.EQUALS | Operator.IN:
                return value in self.values
            case Operator.NOT_EQUALS | Operator.NOT_IN:
                return value not in self.values
            case Operator.EXISTS:
                return value is not None
            case Operator.DOES_NOT_EXIST:
                return value is None
        return self._compares(value)

    def _compares(self, value: str | None) -> bool:
        number, bound = _integer(value or ""), _integer(self.values[0])
        if number is None or bound is None:
            return False
        return number > bound if self.operator is Operator.GREATER else number < bound

    def __str__(self) -> str:
        match self.operator:
            case Operator.EXISTS:
                return self.key
            case Operator.DOES_NOT_EXIST:
                return f"!{self.key}"
            case Operator.IN | Operator.NOT_IN:
                return f"{self.key} {self.operator.value} ({','.join(self.values)})"
        return f"{self.key}{self.operator.value}{self.values[0]}"


@dataclass(frozen=True, slots=True)
class Selector:
    """A conjunction of requirements, sorted by key; without any it selects everything.

    Attributes:
        requirements: What must hold.
        is_nothing: Whether it selects no object at all: the meaning of an absent ``LabelSelector``.
    """

    requirements: tuple[Requirement, ...] = ()
    is_nothing: bool = False
    _equal: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    _other: tuple[Requirement, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Equality is by far the most common condition; it is tested without a call for each requirement.
        equal = [r for r in self.requirements if r.operator is Operator.EQUALS]
        object.__setattr__(self, "_equal", tuple((r.key, r.values[0]) for r in equal))
        object.__setattr__(self, "_other", tuple(r for r in self.requirements if r.operator is not Operator.EQUALS))

    @property
    def is_everything(self) -> bool:
        """Whether every object is selected."""
        return not self.requirements and not self.is_nothing

    def matches(self, labels: Mapping[str, str] | None) -> bool:
        """Whether an object with these labels is selected; ``None`` means no labels."""
        if self.is_nothing:
            return False
        labels = labels or {}
        for key, value in self._equal:
            if labels.get(key) != value:
                return False
        return all(requirement.matches(labels) for requirement in self._other)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))


EVERYTHING = Selector()
NOTHING = Selector(is_nothing=True)


def _selector(requirements: Iterable[Requirement]) -> Selector:
    return Selector(tuple(sorted(requirements, key=lambda r: r.key)))


def parse_selector(text: str) -> Selector:
    """Read a selector's text form; the empty text selects everything.

    Raises:
        StatusError: 400, it is not a selector.
    """
    if not text.strip():
        return EVERYTHING
    try:
        return _selector(_checked(*term) for term in parse_terms(text))
    except SelectorSyntaxError as error:
        raise bad_request(f"unable to parse requirement: {error}") from error


def _checked(key: str, operator: str, values: tuple[str, ...]) -> Requirement:
    if not is_label_key(key):
        raise SelectorSyntaxError(f"<nil>: {_invalid(key, label_key_errors(key))}")
    for index, value in enumerate(values):
        if operator in {">", "<"} and _integer(value) is None:
            why = "for 'Gt', 'Lt' operators, the value must be an integer"
            raise SelectorSyntaxError(str(field_invalid(f"values[{index}]", value, why)))
        if not is_label_value(value):
            raise SelectorSyntaxError(f"values[{index}][{key}]: {_invalid(value, label_value_errors(value))}")
    return Requirement(key, Operator(operator), values)


def _invalid(value: str, sentences: list[str]) -> str:
    return field_invalid("", value, "; ".join(sentences)).detail


def from_map(labels: Mapping[str, str] | None) -> Selector:
    """Return the selector of a Service or ReplicationController: all these labels.

    An empty map selects everything, as in Kubernetes; who means nothing by it must ask before.
    """
    return _selector(Requirement(key, Operator.EQUALS, (value,)) for key, value in (labels or {}).items())


_EXPRESSIONS = {
    "In": Operator.IN,
    "NotIn": Operator.NOT_IN,
    "Exists": Operator.EXISTS,
    "DoesNotExist": Operator.DOES_NOT_EXIST,
}


def from_label_selector(selector: meta.LabelSelector | None) -> Selector:
    """Return the selector of a spec: ``None`` selects nothing, an empty one everything.

    Raises:
        StatusError: 400, an expression is wrong; validate the object first.
    """
    if selector is None:
        return NOTHING
    errors = list(label_selector_errors(selector, "labelSelector"))
    if errors:
        raise bad_request(str(errors[0]))
    labels: Mapping[str, str] = selector.matchLabels or {}
    requirements = [Requirement(key, Operator.EQUALS, (value,)) for key, value in labels.items()]
    for expression in selector.matchExpressions or ():
        values = tuple(sorted(set(expression.values or ())))
        requirements.append(Requirement(expression.key, _EXPRESSIONS[expression.operator], values))
    return _selector(requirements)


def label_selector_errors(selector: meta.LabelSelector | None, path: str) -> Iterable[FieldError]:
    """Check a ``LabelSelector`` of a spec.

    Args:
        selector: What to check; ``None`` is right.
        path: Where it is.
    """
    if selector is None:
        return
    yield from label_errors(selector.matchLabels, f"{path}.matchLabels")
    for i, expression in enumerate(selector.matchExpressions or ()):
        yield from _expression_errors(expression, f"{path}.matchExpressions[{i}]")


def _expression_errors(expression: meta.LabelSelectorRequirement, path: str) -> Iterable[FieldError]:
    values = expression.values or []
    if expression.operator in {"In", "NotIn"}:
        if not values:
            yield field_required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif expression.operator in {"Exists", "DoesNotExist"}:
        if values:
            yield field_forbidden(
                f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            )
    else:
        yield field_invalid(f"{path}.operator", expression.operator, "not a valid selector operator")
    for why in label_key_errors(expression.key):
        yield field_invalid(f"{path}.key", expression.key, why)
    for i, value in enumerate(values):
        for why in label_value_errors(value):
            yield field_invalid(f"{path}.values[{i}]", value, why)
