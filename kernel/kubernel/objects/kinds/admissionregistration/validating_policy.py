"""The kind ``ValidatingAdmissionPolicy``: expressions that must hold for a write to happen."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.interventions.expressions import Expressions
from kubernel.objects.interventions.policies import default_policy, expressions_of, param_kind_text, policy_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import admissionregistration, meta_of
from kubernel.objects.rules.labels import label_key_errors

__all__ = ["VALIDATING_POLICY"]

Policy = admissionregistration.ValidatingAdmissionPolicy
Spec = admissionregistration.ValidatingAdmissionPolicySpec
REASONS = ("Forbidden", "Invalid", "RequestEntityTooLarge")
ANNOTATIONS_MAX, EXPRESSION_MAX = 20, 5 * 1024
_ONE_OF = "validations or auditAnnotations must contain at least one item"


def _spec(policy: Policy) -> Spec:
    return policy.spec or Spec()


def _default(policy: Policy) -> None:
    policy.spec = _spec(policy)
    default_policy(policy.spec)
    policy.status = policy.status or admissionregistration.ValidatingAdmissionPolicyStatus()


def _prepare_create(policy: Policy) -> None:
    policy.status = admissionregistration.ValidatingAdmissionPolicyStatus()


def _validate(policy: Policy) -> Iterable[FieldError]:
    spec = _spec(policy)
    expressions = expressions_of(spec)
    yield from policy_errors(spec, expressions)
    if not spec.validations and not spec.auditAnnotations:
        yield field_required("spec.validations", _ONE_OF)
        yield field_required("spec.auditAnnotations", _ONE_OF)
    for i, validation in enumerate(spec.validations or ()):
        yield from _validation_errors(validation, f"spec.validations[{i}]", expressions)
    name = meta_of(policy).name or ""
    yield from _annotation_errors(spec.auditAnnotations or [], name, expressions)


def _validation_errors(
    validation: admissionregistration.Validation, path: str, expressions: Expressions
) -> Iterable[FieldError]:
    if not validation.expression.strip():
        yield field_required(f"{path}.expression", "expression is not specified")
    else:
        yield from expressions.errors(validation.expression, f"{path}.expression", "bool")
    made, message = validation.messageExpression or "", validation.message or ""
    if made and not made.strip():
        yield field_invalid(f"{path}.messageExpression", made, "must be non-empty if specified")
    elif made:
        yield from expressions.errors(made, f"{path}.messageExpression", "string")
    if message and not message.strip():
        yield field_invalid(f"{path}.message", message, "message must be non-empty if specified")
    elif "\n" in message.strip() or "\r" in message.strip():
        yield field_invalid(f"{path}.message", message, "message must not contain line breaks")
    if validation.reason is not None and validation.reason not in REASONS:
        yield field_not_supported(f"{path}.reason", validation.reason, REASONS)


def _annotation_errors(
    annotations: list[admissionregistration.AuditAnnotation], name: str, expressions: Expressions
) -> Iterable[FieldError]:
    path, keys = "spec.auditAnnotations", set[str]()
    if len(annotations) > ANNOTATIONS_MAX:
        yield field_invalid(path, annotations, f"must not have more than {ANNOTATIONS_MAX} auditAnnotations")
        return
    for i, annotation in enumerate(annotations):
        key, where = f"{name}/{annotation.key}", f"{path}[{i}]"
        yield from (field_invalid(f"{where}.key", key, why) for why in label_key_errors(key))
        text = annotation.valueExpression.strip()
        if not text:
            yield field_required(f"{where}.valueExpression", "valueExpression is not specified")
        elif len(text) > EXPRESSION_MAX:
            yield field_required(f"{where}.valueExpression", f"must not exceed {EXPRESSION_MAX} bytes in length")
        else:
            yield from expressions.errors(text, f"{where}.valueExpression")
        if annotation.key in keys:
            yield field_duplicate(f"{where}.key", annotation.key)
        keys.add(annotation.key)


VALIDATING_POLICY = Kind(
    type=Policy,
    group="admissionregistration.k8s.io",
    version="v1",
    name="ValidatingAdmissionPolicy",
    plural="validatingadmissionpolicies",
    singular="validatingadmissionpolicy",
    namespaced=False,
    categories=("api-extensions",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    columns=(
        NAME,
        Column(
            "Validations",
            lambda p, _: len(_spec(p).validations or ()),
            type="integer",
            description="How many expressions must hold.",
        ),
        Column("ParamKind", lambda p, _: param_kind_text(p.spec), description="What bindings parametrise it with."),
        AGE,
    ),
    has_status=True,
    spec_changes_generation=True,
)
