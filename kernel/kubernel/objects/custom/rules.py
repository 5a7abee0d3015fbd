"""The rules of a CustomResourceDefinition; those of one version are in `version_rules`.

Source: apiextensions-apiserver ``pkg/apis/apiextensions/validation``. Paths are those of the ``v1`` object that the
client wrote: ``spec.versions[0].schema.openAPIV3Schema`` where Kubernetes, which keeps equal schemas once, says
``spec.validation.openAPIV3Schema`` (decision 0056).
"""

from collections.abc import Iterable, Iterator

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.approval import ANNOTATION, approval_of
from kubernel.objects.custom.conversion_rules import conversion_errors
from kubernel.objects.custom.definition import Definition, is_true, storage_version
from kubernel.objects.custom.version_rules import version_errors
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import meta_of
from kubernel.objects.rules.names import dns_service_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import immutable, one_of
from kubernel.objects.schemas.embedded import kind_errors

__all__ = ["definition_changes", "definition_errors"]

_SCOPES = ("Cluster", "Namespaced")
_MOST_VERSIONS = 100
"""Kubernetes has no limit; each version costs a kind with everything that is compiled from it."""


def definition_errors(definition: Definition) -> Iterable[FieldError]:
    """Yield every broken rule of a definition."""
    spec, name = definition.spec, meta_of(definition).name or ""
    if name != f"{spec.names.plural}.{spec.group}":
        yield field_invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    yield from _group_errors(spec.group)
    yield from one_of(spec.scope, _SCOPES, "spec.scope")
    yield from _versions_errors(spec.versions)
    for part in ("plural", "singular", "kind", "listKind"):
        if not getattr(spec.names, part):
            yield field_required(f"spec.names.{part}")
    yield from _names_errors(spec.names, "spec.names")
    if spec.preserveUnknownFields:
        why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        yield field_invalid("spec.preserveUnknownFields", True, why)
    yield from conversion_errors(definition)
    if definition.status and definition.status.acceptedNames:
        yield from _names_errors(definition.status.acceptedNames, "status.acceptedNames")
    yield from _stored_errors(definition)
    approval = approval_of(definition)
    if approval is not None and approval.condition in ("MissingAnnotation", "InvalidAnnotation"):
        path = f"metadata.annotations[{ANNOTATION}]"
        is_missing = approval.condition == "MissingAnnotation"
        yield (
            field_required(path, approval.message)
            if is_missing
            else field_invalid(path, approval.value, approval.message)
        )


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


def _versions_errors(versions: list[apiextensions.CustomResourceDefinitionVersion]) -> Iterator[FieldError]:
    if len(versions) > _MOST_VERSIONS:
        yield field_invalid("spec.versions", len(versions), f"must have at most {_MOST_VERSIONS} versions")
        return
    for i, version in enumerate(versions):
        yield from version_errors(version, f"spec.versions[{i}]")
    names = [version.name for version in versions]
    if len(set(names)) != len(names):
        yield field_invalid("spec.versions", names, "must contain unique version names")
    if sum(version.storage for version in versions) != 1:
        yield field_invalid("spec.versions", names, "must have exactly one version marked as storage version")


def _names_errors(names: apiextensions.CustomResourceDefinitionNames, path: str) -> Iterator[FieldError]:
    for part in ("plural", "singular"):
        value = getattr(names, part)
        if value and (errors := dns_service_label_errors(value)):
            yield field_invalid(f"{path}.{part}", value, ",".join(errors))
    for part in ("kind", "listKind"):
        value = getattr(names, part)
        if value and (errors := kind_errors(value)):
            yield field_invalid(f"{path}.{part}", value, ",".join(errors))
    for i, short in enumerate(names.shortNames or ()):
        if errors := dns_service_label_errors(short):
            yield field_invalid(f"{path}.shortNames[{i}]", short, ",".join(errors))
    if names.kind and names.kind == names.listKind:
        yield field_invalid(f"{path}.listKind", names.listKind, "kind and listKind may not be the same")
    for i, category in enumerate(names.categories or ()):
        if errors := dns_service_label_errors(category):
            yield field_invalid(f"{path}.categories[{i}]", category, ",".join(errors))


def _stored_errors(definition: Definition) -> Iterator[FieldError]:
    path, stored = "status.storedVersions", (definition.status and definition.status.storedVersions) or []
    storage, names = storage_version(definition), {version.name for version in definition.spec.versions}
    if not stored:
        yield field_invalid(path, stored, "must have at least one stored version")
        return
    if storage and storage not in stored:
        yield field_invalid(path, stored, f"must have the storage version {storage}")
    for i, version in enumerate(stored):
        if version not in names:
            why = (
                f"missing from spec.versions; {version} was previously a storage version, and must remain in "
                f"spec.versions until a storage migration ensures no data remains persisted in {version} and removes "
                f"{version} from status.storedVersions"
            )
            yield field_invalid(f"{path}[{i}]", version, why)
