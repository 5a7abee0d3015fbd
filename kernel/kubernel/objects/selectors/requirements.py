"""What a selector is: requirements on labels, compiled once and asked for every object of a list or watch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["EVERYTHING", "NOTHING", "Operator", "Requirement", "Selector", "is_integer"]


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


def is_integer(text: str) -> bool:
    """Whether ``>`` and ``<`` can compare this value."""
    return _INTEGER.fullmatch(text) is not None


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
        bound = self.values[0]
        if value is None or not is_integer(value) or not is_integer(bound):
            return False
        return int(value) > int(bound) if self.operator is Operator.GREATER else int(value) < int(bound)

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
