"""Expressions of webhooks and policies: they must compile, and the names beside them must be names.

Source: Kubernetes' ``pkg/apis/admissionregistration/validation``.
"""

import re
from collections.abc import Iterable, Sequence

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_required, field_too_many
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.compiling import Compiling
from kubernel.objects.rules.labels import label_key_errors

__all__ = ["Expressions", "condition_errors", "variable_errors"]

CONDITIONS_MAX = 64
_IDENTIFIER = re.compile("[_a-zA-Z][_a-zA-Z0-9]*")
_RESERVED = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)


class Expressions(Compiling):
    """Compiles the expressions of one webhook or policy; what is too much to compile meets its failure policy later.

    Args:
        of_policy: Whether they can name what only policies know.
        has_params: Whether they can name ``params``.
    """

    def __init__(self, *, of_policy: bool = True, has_params: bool = False) -> None:
        # The CEL library takes a third of a second to load; a server without webhooks and policies does without.
        from kubernel.objects.cel.admission import CONDITION_VARIABLES, POLICY_VARIABLES  # noqa: PLC0415

        names = dict(POLICY_VARIABLES if of_policy else CONDITION_VARIABLES)
        if not has_params:
            names.pop("params", None)
        super().__init__(names)


def condition_errors(
    conditions: Sequence[admissionregistration.MatchCondition] | None, path: str, expressions: Expressions
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
            yield from expressions.errors(text, f"{where}.expression", "bool")
        if not condition.name:
            yield field_required(f"{where}.name")
            continue
        yield from (field_invalid(f"{where}.name", condition.name, why) for why in label_key_errors(condition.name))
        if condition.name in names:
            yield field_duplicate(f"{where}.name", condition.name)
        names.add(condition.name)


def variable_errors(
    variables: Sequence[admissionregistration.Variable] | None, path: str, expressions: Expressions
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
            yield from expressions.errors(variable.expression, f"{where}.expression")
