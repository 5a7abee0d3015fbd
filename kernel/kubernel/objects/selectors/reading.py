"""The three forms in which selectors come: text, the map of a spec, and the ``LabelSelector`` of a spec.

The words of the errors are Kubernetes' (source: apimachinery ``pkg/labels``, ``pkg/apis/meta/v1/validation``).
"""

from collections.abc import Iterable, Mapping

from kubernel.objects.errors import FieldError, bad_request, field_forbidden, field_invalid, field_required
from kubernel.objects.models import meta
from kubernel.objects.rules.labels import (
    is_label_key,
    is_label_value,
    label_errors,
    label_key_errors,
    label_value_errors,
)
from kubernel.objects.selectors.parser import SelectorSyntaxError, parse_terms
from kubernel.objects.selectors.requirements import EVERYTHING, NOTHING, Operator, Requirement, Selector, is_integer

__all__ = ["from_label_selector", "from_map", "label_selector_errors", "parse_selector"]


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
        if operator in {">", "<"} and not is_integer(value):
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
