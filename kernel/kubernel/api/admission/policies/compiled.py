"""What a policy and a binding mean, compiled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kubernel.api.admission.conditions import Conditions
from kubernel.api.admission.matching import Matching
from kubernel.objects.cel import Expression, ExpressionInvalid, compile_expression
from kubernel.objects.cel.admission import POLICY_VARIABLES
from kubernel.objects.models import ApiObject, admissionregistration, meta_of

__all__ = ["Binding", "Check", "Policy", "binding_of", "policy_of"]


@dataclass(frozen=True, slots=True)
class Check:
    """One of a policy's validations.

    Attributes:
        expression: What must be true.
        message: What to say when it is not.
        message_expression: What makes a better message; ``None`` when there is none.
        reason: The reason of the refusal.
    """

    expression: Expression
    message: str
    message_expression: Expression | None
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A compiled policy.

    Attributes:
        name: Its name.
        matching, conditions: Which writes it judges.
        variables: Its own variables, by name.
        checks: What must hold.
        annotations: Key and expression of what goes into an audit log.
        param_kind: What bindings parametrise it with.
        may_fail: Whether a write goes on when an expression has no value.
        problem: Why it cannot be evaluated at all; empty when it can.
    """

    name: str
    matching: Matching
    conditions: Conditions
    variables: Mapping[str, Expression]
    checks: Sequence[Check]
    annotations: Sequence[tuple[str, Expression]]
    param_kind: admissionregistration.ParamKind | None
    may_fail: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A compiled binding.

    Attributes:
        name: Its name.
        policy: The policy that it puts in force.
        matching: Which of the policy's writes it is about.
        actions: ``Deny``, ``Warn`` and ``Audit``: what follows from a failed check.
        parameters: What the policy is parametrised with.
    """

    name: str
    policy: str
    matching: Matching
    actions: Sequence[str]
    parameters: admissionregistration.ParamRef | None


def policy_of(obj: ApiObject) -> Policy:
    """Compile a policy; what is wrong with it is part of the result, for it must not stop other policies' writes."""
    assert isinstance(obj, admissionregistration.ValidatingAdmissionPolicy), meta_of(obj).name
    spec = obj.spec or admissionregistration.ValidatingAdmissionPolicySpec()
    names: dict[str, str] = {**POLICY_VARIABLES}
    if spec.paramKind is None:
        del names["params"]
    variables: dict[str, Expression] = {}
    checks: list[Check] = []
    annotations: list[tuple[str, Expression]] = []
    problem = ""
    try:
        variables = {v.name: compile_expression(v.expression, names) for v in spec.variables or ()}
        checks = [_check(validation, names) for validation in spec.validations or ()]
        annotations = [(a.key, compile_expression(a.valueExpression, names)) for a in spec.auditAnnotations or ()]
    except ExpressionInvalid as error:
        problem = str(error)
    return Policy(
        meta_of(obj).name or "",
        _matching(spec.matchConstraints, default=()),
        Conditions.of(spec.matchConditions, names),
        variables,
        checks,
        annotations,
        spec.paramKind,
        spec.failurePolicy == "Ignore",
        problem,
    )


def binding_of(obj: ApiObject) -> Binding:
    """Compile a binding."""
    assert isinstance(obj, admissionregistration.ValidatingAdmissionPolicyBinding), meta_of(obj).name
    spec = obj.spec
    return Binding(
        meta_of(obj).name or "",
        spec.policyName,
        _matching(spec.matchResources, default=None),
        spec.validationActions,
        spec.paramRef,
    )


def _check(validation: admissionregistration.Validation, names: Mapping[str, str]) -> Check:
    made = validation.messageExpression
    return Check(
        compile_expression(validation.expression, names, "bool"),
        (validation.message or "").strip(),
        compile_expression(made, names, "string") if made else None,
        validation.reason or "Invalid",
    )


def _matching(resources: admissionregistration.MatchResources | None, default: tuple[()] | None) -> Matching:
    if resources is None:
        return Matching(default)
    return Matching.of(
        resources.resourceRules or default,
        resources.namespaceSelector,
        resources.objectSelector,
        resources.matchPolicy,
        resources.excludeResourceRules or (),
    )
