"""Which CEL rules a schema may have: they compile, and look back only where an old value can be found.

Source: apiextensions-apiserver ``pkg/apis/apiextensions/validation``.
"""

from collections.abc import Iterator

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.expressions.rules import compiled
from kubernel.objects.schemas.schema import Rule, Schema

__all__ = ["MOST_CHARACTERS", "expression_errors"]

MOST_CHARACTERS = 128 * 1024
"""How long all rules of one version may be together. Compiling a kilobyte takes about a millisecond; the longest that
anybody publishes have some 20 KiB."""


def expression_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield what is wrong with the rules of a schema that is right otherwise."""
    if _characters(schema) > MOST_CHARACTERS:
        why = f"the rules of one version may have at most {MOST_CHARACTERS} characters together"
        yield field_forbidden(child(path, "x-kubernetes-validations"), why)
        return
    yield from _errors(schema, path, is_resource=True, lost="")


def _characters(schema: Schema | None) -> int:
    if schema is None:
        return 0
    here = sum(len(rule.rule) + len(rule.message_expression) for rule in schema.rules)
    inner = (schema.item, schema.additional_schema, *schema.properties.values())
    return here + sum(_characters(nested) for nested in inner)


def _errors(schema: Schema, path: str, *, is_resource: bool, lost: str) -> Iterator[FieldError]:
    """Check the rules here and inside; ``lost`` is the outermost place whose elements have no old value."""
    for i, rule in enumerate(schema.rules):
        yield from _rule_errors(schema, rule, f"{child(path, 'x-kubernetes-validations')}[{i}]", is_resource, lost)
    if schema.item is not None:
        inside = lost or ("" if schema.list_type == "map" else path)
        yield from _errors(schema.item, child(path, "items"), is_resource=False, lost=inside)
    if schema.additional_schema is not None:
        where = child(path, "additionalProperties")
        yield from _errors(schema.additional_schema, where, is_resource=False, lost=lost)
    inside = lost or (path if schema.map_type == "atomic" else "")
    for name, nested in schema.properties.items():
        where = key(child(path, "properties"), name)
        yield from _errors(nested, where, is_resource=nested.is_embedded, lost=inside)


def _rule_errors(schema: Schema, rule: Rule, path: str, is_resource: bool, lost: str) -> Iterator[FieldError]:
    made = compiled(schema, rule, is_resource=is_resource)
    if made.problem:
        yield field_invalid(child(path, "rule"), _shown(rule), made.problem)
    if made.message_problem:
        yield field_invalid(child(path, "messageExpression"), _shown(rule), made.message_problem)
    if made.problem:
        return
    if made.looks_back and lost:
        why = f"oldSelf cannot be used on the uncorrelatable portion of the schema within {lost}"
        yield field_invalid(child(path, "rule"), rule.rule, why)
    elif not made.looks_back and rule.optional_old_self is not None:
        why = "may not be set if oldSelf is not used in rule"
        yield field_invalid(child(path, "optionalOldSelf"), rule.optional_old_self, why)


def _shown(rule: Rule) -> dict[str, object]:
    """Return a rule as Kubernetes shows it in errors."""
    return {
        "Rule": rule.rule,
        "Message": rule.message,
        "MessageExpression": rule.message_expression,
        "Reason": rule.reason,
        "FieldPath": rule.field_path,
        "OptionalOldSelf": rule.optional_old_self,
    }
