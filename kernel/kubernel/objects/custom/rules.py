"""The rules of a CustomResourceDefinition, beside those of its schemas.

Source: apiextensions-apiserver ``pkg/apis/apiextensions/validation``. Paths are those of the ``v1`` object that the
client wrote: ``spec.versions[0].schema.openAPIV3Schema`` where Kubernetes, which keeps equal schemas once, says
``spec.validation.openAPIV3Schema`` (decision 0056).
"""

from collections.abc import Iterable, Iterator

from kubernel.objects.custom.definition import Definition, is_true
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import meta_of
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import immutable, one_of

__all__ = ["definition_changes", "definition_errors"]

_SCOPES = ("Cluster", "Namespaced")


def definition_errors(definition: Definition) -> Iterable[FieldError]:
    """Yield every broken rule of a definition."""
    spec, name = definition.spec, meta_of(definition).name or ""
    if name != f"{spec.names.plural}.{spec.group}":
        yield field_invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    yield from _group_errors(spec.group)
    yield from one_of(spec.scope, _SCOPES, "spec.scope")


def definition_changes(new: Definition, old: Definition) -> Iterable[FieldError]:
    """Yield every change that a definition may not make."""
    if is_true(old, "Established"):
        yield from immutable(new.spec.scope, old.spec.scope, "spec.scope")
        yield from immutable(new.spec.names.kind, old.spec.names.kind, "spec.names.kind")
    yield from immutable(new.spec.group, old.spec.group, "spec.group")
    yield from immutable(new.spec.names.plural, old.spec.names.plural, "spec.names.plural")


def _group_errors(group: str) -> Iterator[FieldError]:
    if not group:
        yield field_required("spec.group")
    elif errors := dns_subdomain_errors(group):
        yield field_invalid("spec.group", group, ",".join(errors))
    elif "." not in group:
        yield field_invalid("spec.group", group, "should be a domain with at least one dot")
