"""The kind ``MutatingAdmissionPolicyBinding``: puts a policy in force, somewhere, with parameters."""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError
from kubernel.objects.interventions.matching import default_resources
from kubernel.objects.interventions.policies import BINDING_COLUMNS, binding_errors
from kubernel.objects.kind import Kind
from kubernel.objects.models import admissionregistration

__all__ = ["MUTATING_POLICY_BINDING"]

Binding = admissionregistration.MutatingAdmissionPolicyBinding


def _default(binding: Binding) -> None:
    binding.spec = binding.spec or admissionregistration.MutatingAdmissionPolicyBindingSpec()
    default_resources(binding.spec.matchResources)


def _validate(binding: Binding) -> Iterable[FieldError]:
    return binding_errors(binding.spec or admissionregistration.MutatingAdmissionPolicyBindingSpec())


MUTATING_POLICY_BINDING = Kind(
    type=Binding,
    group="admissionregistration.k8s.io",
    version="v1",
    name="MutatingAdmissionPolicyBinding",
    plural="mutatingadmissionpolicybindings",
    singular="mutatingadmissionpolicybinding",
    namespaced=False,
    categories=("api-extensions",),
    default=_default,
    validate=_validate,
    columns=BINDING_COLUMNS,
    spec_changes_generation=True,
)
