"""Names of what can be asked for, limited and counted: ``cpu``, ``requests.storage``, ``count/jobs.batch``.

Source: Kubernetes' ``pkg/apis/core/helper`` and ``pkg/apis/core/validation`` (``validateResourceName`` …).
"""

from collections.abc import Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.labels import label_key_errors

__all__ = [
    "COMPUTE_QUOTAS",
    "container_resource_name_errors",
    "is_extended",
    "is_native",
    "is_standard_quota",
    "may_overcommit",
    "quantity_errors",
    "quota_name_errors",
    "resource_name_errors",
]

CONTAINER = frozenset({"cpu", "memory", "ephemeral-storage"})
COMPUTE_QUOTAS = frozenset({"cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"})
_COUNTED = frozenset(
    {
        "pods",
        "resourcequotas",
        "services",
        "replicationcontrollers",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    }
)
_QUOTAS = (
    COMPUTE_QUOTAS
    | _COUNTED
    | {"ephemeral-storage", "requests.storage", "requests.ephemeral-storage", "limits.ephemeral-storage"}
)
_HUGE_PAGES = ("hugepages-", "requests.hugepages-")


def is_standard_quota(name: str) -> bool:
    """Whether this is one of the names, without a prefix of their own, that a quota can bound."""
    return name in _QUOTAS or name.startswith(_HUGE_PAGES)


def is_native(name: str) -> bool:
    """Whether Kubernetes itself defines this resource; others are called *extended*."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """Whether this is the name of a resource of somebody else's, such as ``example.com/gpu``."""
    return not is_native(name) and not name.startswith("requests.") and not label_key_errors(f"requests.{name}")


def may_overcommit(name: str) -> bool:
    """Whether more than there is of a resource may be promised."""
    return is_native(name) and not name.startswith("hugepages-")


def resource_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of any resource: a standard one, or one with a prefix."""
    whys = label_key_errors(name)
    yield from (field_invalid(path, name, why) for why in whys)
    if not whys and "/" not in name and name != "storage" and not is_standard_quota(name):
        yield field_invalid(path, name, "must be a standard resource type or fully qualified")


def container_resource_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of a resource that a container can ask for."""
    yield from resource_name_errors(name, path)
    if "/" not in name:
        if name not in CONTAINER and not name.startswith("hugepages-"):
            yield field_invalid(path, name, "must be a standard resource for containers")
    elif not is_native(name) and name.startswith("requests."):
        yield field_invalid(path, name, "doesn't follow extended resource name standard")


def quota_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of what a quota bounds."""
    yield from resource_name_errors(name, path)
    if "/" not in name and not is_standard_quota(name):
        yield field_invalid(path, name, "must be a standard resource for quotas")


def quantity_errors(name: str, value: Any, path: str) -> Iterable[FieldError]:  # noqa: ANN401 - in canonical form
    """Check an amount of a resource, in canonical form: not negative, and whole where things are counted."""
    amount = parse_quantity(value)
    if amount < 0:
        yield field_invalid(path, value, "must be greater than or equal to 0")
    if (name in _COUNTED or not is_native(name)) and amount.denominator != 1:
        yield field_invalid(path, value, "must be an integer")
