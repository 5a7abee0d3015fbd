"""What policies of both sorts, and what puts them in force, must say.

Source: Kubernetes' ``pkg/apis/admissionregistration/validation`` (``validateParamKind``, ``validateParamRef`` …).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kubernel.objects.cells import AGE, NAME, UNSET
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.interventions.expressions import Expressions, condition_errors, variable_errors
from kubernel.objects.interventions.matching import default_resources, resources_errors
from kubernel.objects.interventions.webhooks import FAILURE_POLICIES
from kubernel.objects.kind import Column
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.names import dns_service_label_errors, dns_subdomain_errors, path_segment_errors
from kubernel.objects.rules.values import named, one_of, required_name
from kubernel.objects.selectors import label_selector_errors
from kubernel.objects.workloads.selecting import shown_selector

__all__ = ["BINDING_COLUMNS", "binding_errors", "default_policy", "expressions_of", "param_kind_text", "policy_errors"]

Policy = admissionregistration.ValidatingAdmissionPolicySpec | admissionregistration.MutatingAdmissionPolicySpec
_Validating = admissionregistration.ValidatingAdmissionPolicyBindingSpec
_Mutating = admissionregistration.MutatingAdmissionPolicyBindingSpec
Binding = _Validating | _Mutating
NOT_FOUND_ACTIONS = ("Deny", "Allow")


def default_policy(spec: Policy) -> None:
    """Fill in what a policy leaves out, in place."""
    spec.failurePolicy = spec.failurePolicy or "Fail"
    default_resources(spec.matchConstraints)


def expressions_of(spec: Policy) -> Expressions:
    """Return what compiles a policy's expressions."""
    return Expressions(has_params=spec.paramKind is not None)


def policy_errors(spec: Policy, expressions: Expressions) -> Iterable[FieldError]:
    """Check what both sorts of policies have: what they are about, their parameters, conditions and variables."""
    yield from one_of(spec.failurePolicy, FAILURE_POLICIES, "spec.failurePolicy")
    if spec.paramKind is not None:
        yield from _param_kind_errors(spec.paramKind, "spec.paramKind")
    where = "spec.matchConstraints"
    if spec.matchConstraints is None:
        yield field_required(where)
    else:
        yield from resources_errors(spec.matchConstraints, where)
        if not spec.matchConstraints.resourceRules:
            yield field_required(f"{where}.resourceRules")
    yield from condition_errors(spec.matchConditions, "spec.matchConditions", expressions)
    yield from variable_errors(spec.variables, "spec.variables", expressions)


def _param_kind_errors(kind: admissionregistration.ParamKind, path: str) -> Iterable[FieldError]:
    text, where = kind.apiVersion or "", f"{path}.apiVersion"
    group, _, version = text.rpartition("/")
    if not text:
        yield field_required(where)
    elif "/" in group:
        yield field_invalid(where, text, f"unexpected GroupVersion string: {text}")
    else:
        if group and (whys := dns_subdomain_errors(group)):
            yield field_invalid(where, group, ",".join(whys))
        if not version:
            yield field_invalid(where, text, "version must be specified")
        elif whys := dns_service_label_errors(version):
            yield field_invalid(where, version, ",".join(whys))
    if not kind.kind:
        yield field_required(f"{path}.kind")
    elif whys := dns_service_label_errors(kind.kind.lower()):
        why = f"may have mixed case, but should otherwise match: {','.join(whys)}"
        yield field_invalid(f"{path}.kind", kind.kind, why)


def binding_errors(spec: Binding) -> Iterable[FieldError]:
    """Check what puts a policy in force."""
    yield from required_name(dns_subdomain_errors, spec.policyName, "spec.policyName")
    if spec.paramRef is not None:
        yield from _param_errors(spec.paramRef, "spec.paramRef")
    yield from resources_errors(spec.matchResources, "spec.matchResources")


def _param_errors(ref: admissionregistration.ParamRef, path: str) -> Iterable[FieldError]:
    exclusive = "name and selector are mutually exclusive"
    yield from named(path_segment_errors, ref.name, f"{path}.name")
    if ref.name and ref.selector is not None:
        yield field_forbidden(f"{path}.name", exclusive)
    yield from label_selector_errors(ref.selector, f"{path}.selector")
    if ref.name and ref.selector is not None:
        yield field_forbidden(f"{path}.selector", exclusive)
    if not ref.name and ref.selector is None:
        yield field_required(path, "one of name or selector must be specified")
    if not ref.parameterNotFoundAction:
        yield field_required(f"{path}.parameterNotFoundAction")
    elif ref.parameterNotFoundAction not in NOT_FOUND_ACTIONS:
        where = f"{path}.parameterNotFoundAction"
        yield field_not_supported(where, ref.parameterNotFoundAction, NOT_FOUND_ACTIONS)


def param_kind_text(spec: Policy | None) -> str:
    """Return the kind of a policy's parameters as its table shows it."""
    kind = spec.paramKind if spec is not None else None
    return UNSET if kind is None else f"{kind.apiVersion or ''}/{kind.kind or ''}"


def _params(binding: Any, _now: datetime) -> str:  # noqa: ANN401 - of either sort
    ref: admissionregistration.ParamRef | None = binding.spec.paramRef if binding.spec is not None else None
    if ref is None:
        return UNSET
    if ref.name:
        return f"{ref.namespace or '*'}/{ref.name}"
    return UNSET if ref.selector is None else shown_selector(ref.selector)


BINDING_COLUMNS: tuple[Column[Any], ...] = (
    NAME,
    Column("PolicyName", lambda b, _: (b.spec.policyName or "") if b.spec else "", description="The policy in force."),
    Column("ParamRef", _params, description="What the policy is parametrised with."),
    AGE,
)
"""What both sorts of bindings show."""
