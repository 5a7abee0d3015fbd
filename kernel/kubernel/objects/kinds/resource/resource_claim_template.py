"""The kind ``ResourceClaimTemplate``: what the claims are made from that pods bring along."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.devices import claim_errors, default_claim
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Kind
from kubernel.objects.models import resource
from kubernel.objects.rules.labels import annotation_errors, label_errors
from kubernel.objects.rules.values import immutable

__all__ = ["RESOURCE_CLAIM_TEMPLATE"]


def _spec(template: resource.ResourceClaimTemplate) -> resource.ResourceClaimTemplateSpec:
    return template.spec or resource.ResourceClaimTemplateSpec()


def _validate(template: resource.ResourceClaimTemplate) -> Iterable[FieldError]:
    spec = _spec(template)
    if spec.metadata is not None:
        yield from label_errors(spec.metadata.labels, "spec.metadata.labels")
        yield from annotation_errors(spec.metadata.annotations, "spec.metadata.annotations")
    yield from claim_errors(spec.spec, "spec.spec")


RESOURCE_CLAIM_TEMPLATE = Kind(
    type=resource.ResourceClaimTemplate,
    group="resource.k8s.io",
    version="v1",
    name="ResourceClaimTemplate",
    plural="resourceclaimtemplates",
    singular="resourceclaimtemplate",
    namespaced=True,
    default=lambda template: default_claim(_spec(template).spec),
    validate=_validate,
    validate_changed=lambda _new, _old: (),
    validate_update=lambda new, old: immutable(new.spec, old.spec, "spec"),
    columns=(NAME, AGE),
)
