"""One CEL rule of a schema, compiled: the expression, and the one that says what is wrong.

Source: apiextensions-apiserver ``pkg/apiserver/schema/cel/compilation.go``.
"""

from dataclasses import dataclass
from functools import lru_cache

from kubernel.objects.cel import OPTIONAL, Expression, ExpressionInvalid, compile_expression
from kubernel.objects.schemas.expressions.values import escaped, type_of
from kubernel.objects.schemas.field_paths import BadFieldPath, resolve
from kubernel.objects.schemas.schema import Rule, Schema

__all__ = ["SELF", "CompiledRule", "compiled"]

SELF, OLD = "self", "oldSelf"
_HEAD = frozenset({"apiVersion", "kind", "metadata"})
_HEAD_NAMES = frozenset({"name", "generateName"})


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be asked.

    Attributes:
        rule: What it was made of.
        expression: What must be true; ``None`` when it does not compile.
        problem: Why it does not compile.
        message: The expression of its message, if it has one.
        message_problem: Why that one does not compile.
        field: Which field below the rule's place it blames; empty for the place itself.
        looks_back: Whether it compares with the old value.
    """

    rule: Rule
    expression: Expression | None
    problem: str
    message: Expression | None
    message_problem: str
    field: str
    looks_back: bool


def compiled(schema: Schema, rule: Rule, *, is_resource: bool) -> CompiledRule:
    """Compile a rule that stands at a schema.

    Args:
        schema: What the rule is about.
        rule: The rule.
        is_resource: The schema describes a whole resource: its head can be asked too.
    """
    variables = {SELF: type_of(schema), OLD: OPTIONAL if rule.optional_old_self else type_of(schema)}
    expression, problem = _compiled(rule.rule, variables, "bool", "cel expression must evaluate to a bool")
    if expression is not None:
        problem = _unknown_field(schema, expression, is_resource=is_resource)
    message, message_problem = None, ""
    if rule.message_expression.strip():
        words = "messageExpression must evaluate to a string"
        message, message_problem = _compiled(rule.message_expression, variables, "string", words)
    return CompiledRule(
        rule=rule,
        expression=None if problem else expression,
        problem=problem,
        message=message,
        message_problem=message_problem,
        field=_field(schema, rule.field_path),
        looks_back=expression is not None and OLD in expression.names,
    )


def _compiled(text: str, variables: dict[str, str], returns: str, words: str) -> tuple[Expression | None, str]:
    try:
        expression = compile_expression(text.strip(), variables)
    except ExpressionInvalid as error:
        return None, str(error)
    return (expression, "") if expression.returns in (returns, "dyn") else (None, words)


def _unknown_field(schema: Schema, expression: Expression, *, is_resource: bool) -> str:
    """Return a sentence for a field that the schema does not have; the library checks no members of objects."""
    for path in sorted(expression.paths_of(SELF) | expression.paths_of(OLD)):
        if name := _first_unknown(schema, path, is_resource=is_resource):
            return f"compilation failed: ERROR: <input>: undefined field '{name}'"
    return ""


def _first_unknown(schema: Schema, path: tuple[str, ...], *, is_resource: bool) -> str:
    at: Schema | None = schema
    for depth, name in enumerate(path):
        if at is None or at.type != "object" or at.preserves_unknown:
            return ""
        if (is_resource and depth == 0) or at.is_embedded:
            if name == "metadata":
                rest = path[depth + 1 :]
                return rest[0] if rest and rest[0] not in _HEAD_NAMES else ""
            if name in _HEAD:
                return ""
        members = _members(at)
        if name in members:
            at = members[name]
        elif at.additional is not None:
            at = at.additional_schema
        else:
            return name
    return ""


@lru_cache(maxsize=256)
def _members_of(names: tuple[str, ...]) -> dict[str, str]:
    return {escaped(name): name for name in names}


def _members(schema: Schema) -> dict[str, Schema]:
    return {ident: schema.properties[name] for ident, name in _members_of(tuple(schema.properties)).items()}


def _field(schema: Schema, text: str) -> str:
    if not text:
        return ""
    try:
        return resolve(text, schema)[0]
    except BadFieldPath:
        return ""
