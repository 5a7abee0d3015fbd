"""What is asked of a CustomResourceDefinition in several places: its conditions, its versions, whether it is served."""

from datetime import datetime

from lightkube.models import apiextensions_v1 as apiextensions

__all__ = [
    "CLEANUP",
    "Definition",
    "condition",
    "is_true",
    "remove_condition",
    "set_condition",
    "storage_version",
]

Definition = apiextensions.CustomResourceDefinition

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""The finalizer that keeps a definition until its objects are gone."""


def condition(definition: Definition, of_type: str) -> apiextensions.CustomResourceDefinitionCondition | None:
    """Return a condition of the definition, ``None`` when nothing is known of it."""
    conditions = (definition.status.conditions if definition.status else None) or ()
    return next((c for c in conditions if c.type == of_type), None)


def is_true(definition: Definition, of_type: str) -> bool:
    """Whether a condition is there and true."""
    found = condition(definition, of_type)
    return found is not None and found.status == "True"


def set_condition(definition: Definition, of_type: str, status: str, reason: str, message: str, now: datetime) -> None:
    """Write a condition; its time changes only with its status."""
    if definition.status is None:
        definition.status = apiextensions.CustomResourceDefinitionStatus()
    found = condition(definition, of_type)
    if found is None:
        found = apiextensions.CustomResourceDefinitionCondition(type=of_type, status="")
        definition.status.conditions = [*(definition.status.conditions or ()), found]
    if found.status != status or found.lastTransitionTime is None:
        found.lastTransitionTime = now
    found.status, found.reason, found.message = status, reason, message


def remove_condition(definition: Definition, of_type: str) -> None:
    """Forget a condition."""
    if definition.status is not None and definition.status.conditions:
        definition.status.conditions = [c for c in definition.status.conditions if c.type != of_type]


def storage_version(definition: Definition) -> str:
    """Return the version in which objects are stored; empty in a definition that is not valid."""
    return next((version.name for version in definition.spec.versions if version.storage), "")
