"""Expressions of webhooks and policies: they must compile, and the names beside them must be names.

Source: Kubernetes' ``pkg/apis/admissionregistration/validation``.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_required, field_too_many
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.labels import label_key_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["condition_errors", "expression_errors", "variable_errors"]

CONDITIONS_MAX = 64
_IDENTIFIER = re.compile("[_a-zA-Z][_a-zA-Z0-9]*")
_RESERVED = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)


@cache
def _names(*, of_policy: bool, has_params: bool) -> "Mapping[str, str]":
    # The CEL library takes a second to load; a server without webhooks and policies does without.
    from kubernel.objects.cel.admission import CONDITION_VARIABLES, POLICY_VARIABLES  # noqa: PLC0415

    names = dict(POLICY_VARIABLES if of_policy else CONDITION_VARIABLES)
    if not has_params:
        names.pop("params", None)
    return names


def expression_errors(
    text: str | None, path: str, *, returns: str = "", of_policy: bool = True, has_params: bool = False
) -> Iterable[FieldError]:
    """Check that an expression compiles and gives what it must.

    Args:
        text: The expression, not empty.
        path: Where it is.
        returns: The type that it must give; empty for any.
        of_policy: Whether it can name what only policies know.
        has_params: Whether it can name ``params``.
    """
    # Loaded late for the same reason.
    from kubernel.objects.cel import ExpressionInvalid, compile_expression  # noqa: PLC0415

    try:
        compile_expression(text or "", _names(of_policy=of_policy, has_params=has_params), returns)
    except ExpressionInvalid as error:
        yield field_invalid(path, text, str(error))


def condition_errors(
    conditions: Sequence[admissionregistration.MatchCondition] | None,
    path: str,
    *,
    of_policy: bool = False,
    has_params: bool = False,
) -> Iterable[FieldError]:
    """Check conditions that must all hold for the webhook or policy to be asked at all."""
    conditions = conditions or ()
    if len(conditions) > CONDITIONS_MAX:
        yield field_too_many(path, len(conditions), CONDITIONS_MAX)
        return
    names: set[str] = set()
    for i, condition in enumerate(conditions):
        where, text = f"{path}[{i}]", condition.expression.strip()
        if not text:
            yield field_required(f"{where}.expression")
        else:
            yield from expression_errors(
                text, f"{where}.expression", returns="bool", of_policy=of_policy, has_params=has_params
            )
        if not condition.name:
            yield field_required(f"{where}.name")
            continue
        yield from (field_invalid(f"{where}.name", condition.name, why) for why in label_key_errors(condition.name))
        if condition.name in names:
            yield field_duplicate(f"{where}.name", condition.name)
        names.add(condition.name)


def variable_errors(
    variables: Sequence[admissionregistration.Variable] | None, path: str, *, has_params: bool
) -> Iterable[FieldError]:
    """Check the variables that a policy defines for its own expressions."""
    for i, variable in enumerate(variables or ()):
        where = f"{path}[{i}]"
        if not variable.name.strip():
            yield field_required(f"{where}.name", "name is not specified")
        elif not _IDENTIFIER.fullmatch(variable.name) or variable.name in _RESERVED:
            yield field_invalid(f"{where}.name", variable.name, "name is not a valid CEL identifier")
        if not variable.expression.strip():
            yield field_required(f"{where}.expression", "expression is not specified")
        else:
            yield from expression_errors(variable.expression, f"{where}.expression", has_params=has_params)
