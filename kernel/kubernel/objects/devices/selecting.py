"""Expressions that choose devices."""

from collections.abc import Callable, Iterable

from kubernel.objects.errors import FieldError, field_required, field_too_long
from kubernel.objects.models import resource
from kubernel.objects.rules.compiling import Compiling
from kubernel.objects.rules.values import each

__all__ = ["SelectorRule", "selector_errors", "selectors"]

SELECTORS_MAX, EXPRESSION_MAX = 32, 10 * 1024
SelectorRule = Callable[[resource.DeviceSelector, str], Iterable[FieldError]]


def selectors() -> SelectorRule:
    """Return the rule for the selectors of one object, which shares what may be compiled among them."""
    compiling = Compiling({"device": "dyn"})

    def rule(selector: resource.DeviceSelector, path: str) -> Iterable[FieldError]:
        if selector.cel is None:
            yield field_required(f"{path}.cel")
            return
        text, where = selector.cel.expression, f"{path}.cel.expression"
        if len(text.encode()) > EXPRESSION_MAX:
            yield field_too_long(where, EXPRESSION_MAX)
        elif not text.strip():
            yield field_required(where)
        else:
            yield from compiling.errors(text, where, "bool")

    return rule


def selector_errors(
    chosen: list[resource.DeviceSelector] | None, path: str, rule: SelectorRule
) -> Iterable[FieldError]:
    """Check a list of selectors."""
    return each(chosen, path, rule, SELECTORS_MAX)
