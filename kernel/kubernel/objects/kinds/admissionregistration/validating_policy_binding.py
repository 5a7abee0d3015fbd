"""The kind ``ValidatingAdmissionPolicyBinding``: puts a policy in force, somewhere, with parameters."""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.interventions.matching import default_resources
from kubernel.objects.interventions.policies import BINDING_COLUMNS, binding_errors
from kubernel.objects.kind import Kind
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.values import repeats

__all__ = ["VALIDATING_POLICY_BINDING"]

ACTIONS = ("Audit", "Deny", "Warn")


def _validate(binding: admissionregistration.ValidatingAdmissionPolicyBinding) -> Iterable[FieldError]:
    yield from binding_errors(binding.spec)
    yield from _action_errors(binding.spec.validationActions, "spec.validationActions")


def _action_errors(actions: list[str], path: str) -> Iterable[FieldError]:
    for i, action, is_repeated in repeats(actions):
        if action not in ACTIONS:
            yield field_not_supported(f"{path}[{i}]", action, ACTIONS)
        if is_repeated:
            yield field_duplicate(f"{path}[{i}]", action)
    if {"Deny", "Warn"} <= set(actions):
        why = (
            "must not contain both Deny and Warn (repeating the same validation failure information in the API "
            "response and headers serves no purpose)"
        )
        yield field_invalid(path, actions, why)
    if not actions:
        yield field_required(path, "at least one validation action is required")


VALIDATING_POLICY_BINDING = Kind(
    type=admissionregistration.ValidatingAdmissionPolicyBinding,
    group="admissionregistration.k8s.io",
    version="v1",
    name="ValidatingAdmissionPolicyBinding",
    plural="validatingadmissionpolicybindings",
    singular="validatingadmissionpolicybinding",
    namespaced=False,
    categories=("api-extensions",),
    default=lambda binding: default_resources(binding.spec.matchResources),
    validate=_validate,
    columns=BINDING_COLUMNS,
    spec_changes_generation=True,
)
