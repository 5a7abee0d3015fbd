"""The kind ``MutatingAdmissionPolicy``: expressions that change what is written."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_not_supported, field_required
from kubernel.objects.interventions.policies import default_policy, expressions_of, param_kind_text, policy_errors
from kubernel.objects.interventions.webhooks import REINVOCATION_POLICIES
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.values import one_of

__all__ = ["MUTATING_POLICY"]

Policy = admissionregistration.MutatingAdmissionPolicy
Spec = admissionregistration.MutatingAdmissionPolicySpec
_PATCHES = {"ApplyConfiguration": "applyConfiguration", "JSONPatch": "jsonPatch"}
"""Each sort of change, and the field that has its expression."""


def _spec(policy: Policy) -> Spec:
    return policy.spec or Spec()


def _default(policy: Policy) -> None:
    policy.spec = _spec(policy)
    default_policy(policy.spec)


def _validate(policy: Policy) -> Iterable[FieldError]:
    spec = _spec(policy)
    yield from policy_errors(spec, expressions_of(spec))
    yield from one_of(spec.reinvocationPolicy, REINVOCATION_POLICIES, "spec.reinvocationPolicy")
    if not spec.mutations:
        yield field_required("spec.mutations", "mutations must contain at least one item")
    for i, mutation in enumerate(spec.mutations or ()):
        yield from _mutation_errors(mutation, f"spec.mutations[{i}]")


def _mutation_errors(mutation: admissionregistration.Mutation, path: str) -> Iterable[FieldError]:
    # What such an expression gives is an object of a type that only its own compiler knows, so it is not compiled here.
    field = _PATCHES.get(mutation.patchType)
    if field is None:
        yield field_not_supported(f"{path}.patchType", mutation.patchType, tuple(_PATCHES))
        return
    change: admissionregistration.ApplyConfiguration | admissionregistration.JSONPatch | None = getattr(mutation, field)
    if change is None:
        yield field_required(f"{path}.{field}", f"must be specified when patchType is {mutation.patchType}")
    elif not (change.expression or "").strip():
        yield field_required(f"{path}.{field}.expression", "expression is not specified")


MUTATING_POLICY = Kind(
    type=Policy,
    group="admissionregistration.k8s.io",
    version="v1",
    name="MutatingAdmissionPolicy",
    plural="mutatingadmissionpolicies",
    singular="mutatingadmissionpolicy",
    namespaced=False,
    categories=("api-extensions",),
    default=_default,
    validate=_validate,
    columns=(
        NAME,
        Column(
            "Mutations",
            lambda p, _: len(_spec(p).mutations or ()),
            type="integer",
            description="How many changes it makes.",
        ),
        Column("ParamKind", lambda p, _: param_kind_text(p.spec), description="What bindings parametrise it with."),
        AGE,
    ),
    spec_changes_generation=True,
)
