"""Field selectors: ``spec.nodeName=n1,status.phase!=Succeeded``.

A kind says which of its fields can be selected and how each becomes text (`Kind.selectable`); ``metadata.name`` and
``metadata.namespace`` always can. The words of the errors are Kubernetes' (source: apimachinery ``pkg/fields``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from kubernel.objects.errors import bad_request
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject

__all__ = [
    "EVERY_FIELD",
    "NAME",
    "NAMESPACE",
    "FieldRequirement",
    "FieldSelector",
    "parse_field_selector",
    "selectable_fields",
]

T = TypeVar("T", bound=ApiObject)

NAME, NAMESPACE = "metadata.name", "metadata.namespace"
_OPERATORS = ("!=", "==", "=")  # in this order: "=" alone would leave a "=" on the value


@dataclass(frozen=True, slots=True)
class FieldRequirement:
    """One condition: the field has this value, or has not."""

    field: str
    value: str
    is_equal: bool = True

    def __str__(self) -> str:
        value = self.value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")
        return f"{self.field}{'=' if self.is_equal else '!='}{value}"


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """A conjunction of requirements; without any it selects everything."""

    requirements: tuple[FieldRequirement, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether every object is selected."""
        return not self.requirements

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether an object with these fields (`selectable_fields`) is selected; one that is absent is empty."""
        for requirement in self.requirements:
            if (fields.get(requirement.field, "") == requirement.value) is not requirement.is_equal:
                return False
        return True

    def value_of(self, field: str) -> str | None:
        """Return the one value that a field must have, for an index; ``None`` when it may have several."""
        return next((r.value for r in self.requirements if r.field == field and r.is_equal), None)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))


EVERY_FIELD = FieldSelector()


def parse_field_selector(text: str, kind: Kind[T]) -> FieldSelector:
    r"""Read a field selector's text form.

    Args:
        text: Terms joined with commas; ``\`` escapes a comma, ``=`` or ``\`` in a value. Empty selects everything.
        kind: The kind whose fields are meant.

    Returns:
        The selector by the names that the fields have in the kind that is stored.

    Raises:
        StatusError: 400, it is not a selector or names a field that cannot be selected.
    """
    if not text:
        return EVERY_FIELD
    requirements, stored_names = [], kind.view.fields if kind.view else {}
    for term in sorted(_terms(text)):
        field, is_equal, value = _split(term, text)
        if field not in kind.selectable and field not in stored_names and field not in {NAME, NAMESPACE}:
            raise bad_request(_unknown(field, kind))
        requirements.append(FieldRequirement(stored_names.get(field, field), _unescape(value), is_equal))
    return FieldSelector(tuple(requirements))


def _unknown(field: str, kind: Kind[T]) -> str:
    if kind.selectable or (kind.view and kind.view.fields):
        return f"field label not supported: {field}"
    return f'"{field}" is not a known field selector: only "{NAME}", "{NAMESPACE}"'


def _terms(text: str) -> list[str]:
    terms, start, escaped = [], 0, False
    for i, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == ",":
            terms.append(text[start:i])
            start = i + 1
    terms.append(text[start:])
    return [term for term in terms if term]


def _split(term: str, text: str) -> tuple[str, bool, str]:
    for i in range(len(term)):
        for operator in _OPERATORS:
            if term.startswith(operator, i):
                return term[:i], operator != "!=", term[i + len(operator) :]
    raise bad_request(f"invalid selector: '{text}'; can't understand '{term}'")


def _unescape(value: str) -> str:
    if not any(character in value for character in "\\,="):
        return value
    result, escaped = [], False
    for character in value:
        if escaped:
            if character not in "\\,=":
                raise bad_request(f"invalid field selector: invalid escape sequence: \\{character}")
            result.append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in ",=":
            raise bad_request(f"invalid field selector: unescaped character in value: {ord(character)}")
        else:
            result.append(character)
    if escaped:
        raise bad_request("invalid field selector: invalid escape sequence: \\")
    return "".join(result)


def selectable_fields(kind: Kind[T], obj: T) -> dict[str, str]:
    """Return every selectable field of an object as text, with its name and (in a namespace) its namespace."""
    metadata = obj.metadata
    fields = {NAME: (metadata.name if metadata else None) or ""}
    if kind.namespaced:
        fields[NAMESPACE] = (metadata.namespace if metadata else None) or ""
    for field, read in kind.selectable.items():
        fields[field] = read(obj)
    return fields
