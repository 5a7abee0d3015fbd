"""The kind ``StorageVersionMigration``: a wish that all objects of a resource be stored in its newest version.

Source: Kubernetes' ``pkg/apis/storagemigration/validation``.
"""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import NAME
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storagemigration
from kubernel.objects.rules.conditions import condition_errors
from kubernel.objects.rules.values import immutable

__all__ = ["STORAGE_VERSION_MIGRATION"]

Migration = storagemigration.StorageVersionMigration
SUCCEEDED, FAILED, RUNNING = "Succeeded", "Failed", "Running"


def _status(migration: Migration) -> storagemigration.StorageVersionMigrationStatus:
    return migration.status or storagemigration.StorageVersionMigrationStatus()


def _prepare_create(migration: Migration) -> None:
    migration.status = storagemigration.StorageVersionMigrationStatus()


def _resource(migration: Migration) -> tuple[str, str]:
    wanted = migration.spec.resource if migration.spec else None
    return (wanted.group, wanted.resource) if wanted else ("", "")


def _validate(migration: Migration) -> Iterable[FieldError]:
    if not _resource(migration)[1]:
        yield field_required("spec.resource.resource", "resource is required")


def _validate_update(new: Migration, old: Migration) -> Iterable[FieldError]:
    for name, value, was in zip(("group", "resource"), _resource(new), _resource(old), strict=True):
        yield from immutable(value, was, f"spec.resource.{name}")


def _validate_status(new: Migration, old: Migration) -> Iterable[FieldError]:
    path, status, was = "status.conditions", _status(new), _status(old)
    yield from _revision_errors(status.resourceVersion or "", was.resourceVersion or "")
    yield from condition_errors(status.conditions, path)
    true, before = _true(status), _true(was)
    wrong = {
        "Both success and failed conditions cannot be true at the same time": {SUCCEEDED, FAILED} <= true,
        "Running condition cannot be true when success condition is true": {SUCCEEDED, RUNNING} <= true,
        "Running condition cannot be true when failed condition is true": {FAILED, RUNNING} <= true,
        "Success condition cannot be set to false once it is true": SUCCEEDED in before - true,
        "Failed condition cannot be set to false once it is true": FAILED in before - true,
    }
    yield from (field_invalid(path, status.conditions, why) for why, holds in wrong.items() if holds)


def _revision_errors(revision: str, was: str) -> Iterable[FieldError]:
    path = "status.resourceVersion"
    digits = revision.removeprefix("-")
    if revision and not (digits.isdecimal() and digits.isascii()):
        why = f'failed to parse resource version "{revision}": strconv.ParseInt: parsing "{revision}": invalid syntax'
        yield field_invalid(path, revision, why)
    elif revision.startswith("-"):
        yield field_invalid(path, revision, "must be greater than or equal to 0")
    if was and was != revision:
        yield field_invalid(path, revision, "cannot be updated")


def _true(status: storagemigration.StorageVersionMigrationStatus) -> set[str]:
    return {condition.type for condition in status.conditions or () if condition.status == "True"}


def _shown(migration: Migration, _now: datetime) -> str:
    group, resource = _resource(migration)
    return f"{resource}.{group}" if group else resource


STORAGE_VERSION_MIGRATION = Kind(
    type=Migration,
    group="storagemigration.k8s.io",
    version="v1",
    name="StorageVersionMigration",
    plural="storageversionmigrations",
    singular="storageversionmigration",
    namespaced=False,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(NAME, Column("Resource", _shown, description="The resource whose objects are to be stored anew.")),
    has_status=True,
)
