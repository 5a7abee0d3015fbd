"""The kind ``CustomResourceDefinition``: a kind that a client brings.

What becomes of a definition that is stored is decided in ``api/custom``.
"""

from collections.abc import Iterable
from datetime import datetime

from lightkube.models import apiextensions_v1 as apiextensions
from msgspec.structs import replace

from kubernel.objects.cells import NAME
from kubernel.objects.clock import now
from kubernel.objects.custom.definition import CLEANUP, Definition, is_true, set_condition, storage_version
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Cell, Column, Kind
from kubernel.objects.models import meta_of

__all__ = ["CUSTOM_RESOURCE_DEFINITION"]


def _default(definition: Definition) -> None:
    names = definition.spec.names
    names.singular = names.singular or names.kind.lower() or None
    names.listKind = names.listKind or (f"{names.kind}List" if names.kind else None)
    if definition.spec.conversion is None:
        definition.spec.conversion = apiextensions.CustomResourceConversion(strategy="None")
    webhook = definition.spec.conversion.webhook
    service = webhook.clientConfig.service if webhook and webhook.clientConfig else None
    if service is not None and service.port is None:
        service.port = 443


def _prepare_create(definition: Definition) -> None:
    definition.status = apiextensions.CustomResourceDefinitionStatus()
    _remember_storage(definition)


def _prepare_update(new: Definition, _old: Definition) -> None:
    _remember_storage(new)


def _remember_storage(definition: Definition) -> None:
    """Note the version in which objects are stored from now on; it is only forgotten by who has migrated them."""
    status = definition.status or apiextensions.CustomResourceDefinitionStatus()
    stored, version = status.storedVersions or [], storage_version(definition)
    if version and version not in stored:
        stored = [*stored, version]
    definition.status = replace(status, storedVersions=stored or None)  # the old object may share it


def _on_marked(definition: Definition) -> None:
    metadata = meta_of(definition)
    if CLEANUP not in (metadata.finalizers or ()):
        metadata.finalizers = [*(metadata.finalizers or ()), CLEANUP]
    why = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
    set_condition(definition, "Terminating", "True", "InstanceDeletionPending", why, now())


def _errors(definition: Definition) -> Iterable[FieldError]:
    # The rules know all of JSON schema and CEL: 16 ms and 2 MiB, for those clusters that have definitions.
    from kubernel.objects.custom.rules import definition_errors  # noqa: PLC0415

    return definition_errors(definition)


def _changes(new: Definition, old: Definition) -> Iterable[FieldError]:
    from kubernel.objects.custom.rules import definition_changes  # noqa: PLC0415 - as above

    return definition_changes(new, old)


def _warnings(new: Definition, old: Definition | None) -> Iterable[str]:
    from kubernel.objects.custom.warnings import definition_warnings  # noqa: PLC0415 - as above

    return definition_warnings(new, old)


def _versions(definition: Definition, _now: datetime) -> Cell:
    served = [v.name + ("(storage)" if v.storage else "") for v in definition.spec.versions if v.served]
    return ",".join(sorted(served))


def _created(definition: Definition, _now: datetime) -> Cell:
    created = meta_of(definition).creationTimestamp
    return created.strftime("%Y-%m-%dT%H:%M:%SZ") if created else None


CUSTOM_RESOURCE_DEFINITION = Kind(
    type=apiextensions.CustomResourceDefinition,
    group="apiextensions.k8s.io",
    version="v1",
    name="CustomResourceDefinition",
    plural="customresourcedefinitions",
    singular="customresourcedefinition",
    namespaced=False,
    short_names=("crd", "crds"),
    categories=("api-extensions",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_errors,
    validate_update=_changes,
    warnings=_warnings,
    columns=(
        NAME,
        Column("Scope", lambda crd, _now: crd.spec.scope, description="Cluster or Namespaced."),
        Column("Versions", _versions, description="The served versions, and which of them is stored."),
        Column("Created At", _created, type="date", description="When the definition was created."),
        Column("Group", lambda crd, _now: crd.spec.group, priority=1, description="The API group."),
        Column("Kind", lambda crd, _now: crd.spec.names.kind, priority=1, description="The kind of its objects."),
        Column(
            "ShortNames",
            lambda crd, _now: ",".join(crd.spec.names.shortNames or ()),
            priority=1,
            description="Short names for the command line.",
        ),
        Column(
            "Established",
            lambda crd, _now: is_true(crd, "Established"),
            type="boolean",
            priority=1,
            description="Whether its objects are served.",
        ),
    ),
    has_status=True,
    spec_changes_generation=True,
    on_marked=_on_marked,
)
