"""The kind ``ResourceQuota``: how much of everything a namespace may have altogether."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.rules.resource_names import (
    COMPUTE_QUOTAS,
    is_standard_quota,
    quantity_errors,
    quota_name_errors,
)
from kubernel.objects.rules.values import IMMUTABLE

__all__ = ["RESOURCE_QUOTA"]

_WITHOUT_VALUES = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
SCOPES = (*_WITHOUT_VALUES, "PriorityClass", "VolumeAttributesClass")
_CONFLICTS = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_PODS = frozenset({"pods"})
_BOUNDED_BY = {
    "BestEffort": _PODS,
    "VolumeAttributesClass": frozenset({"persistentvolumeclaims", "requests.storage"}),
}
"""What a quota of a scope can bound; other scopes, pods and what they ask for."""


def _spec(quota: core.ResourceQuota) -> core.ResourceQuotaSpec:
    return quota.spec or core.ResourceQuotaSpec()


def _status(quota: core.ResourceQuota) -> core.ResourceQuotaStatus:
    return quota.status or core.ResourceQuotaStatus()


def _default(quota: core.ResourceQuota) -> None:
    quota.spec, quota.status = _spec(quota), _status(quota)
    for amounts in (quota.spec.hard, quota.status.hard, quota.status.used):
        canonicalise(amounts)


def _prepare_create(quota: core.ResourceQuota) -> None:
    quota.status = core.ResourceQuotaStatus()


def _validate(quota: core.ResourceQuota) -> Iterable[FieldError]:
    spec, status = _spec(quota), _status(quota)
    yield from _amount_errors(spec.hard, "spec.hard")
    yield from _scope_errors(spec, "spec.scopes")
    if spec.scopeSelector is not None:
        yield from _selector_errors(spec, "spec.scopeSelector.matchExpressions")
    yield from _amount_errors(status.hard, "status.hard")
    yield from _amount_errors(status.used, "status.used")


def _amount_errors(amounts: dict[str, Any] | None, path: str) -> Iterable[FieldError]:
    for name, value in (amounts or {}).items():
        yield from quota_name_errors(name, f"{path}[{name}]")
        yield from quantity_errors(name, value, f"{path}[{name}]")


def _cannot_bound(scope: str, name: str) -> bool:
    return is_standard_quota(name) and name not in _BOUNDED_BY.get(scope, _PODS | COMPUTE_QUOTAS)


def _scope_errors(spec: core.ResourceQuotaSpec, path: str) -> Iterable[FieldError]:
    scopes = spec.scopes or []
    for scope in scopes:
        if scope not in SCOPES:
            yield field_invalid(path, scopes, "unsupported scope")
        for name in sorted(spec.hard or ()):
            if scope not in SCOPES or _cannot_bound(scope, name):
                yield field_invalid(path, scopes, "unsupported scope applied to resource")
    yield from _conflict_errors(set(scopes), scopes, path)


def _conflict_errors(found: set[str], scopes: list[str] | None, path: str) -> Iterable[FieldError]:
    for pair in _CONFLICTS:
        if found.issuperset(pair):
            yield field_invalid(path, scopes, "conflicting scopes")


def _selector_errors(spec: core.ResourceQuotaSpec, path: str) -> Iterable[FieldError]:
    found: set[str] = set()
    for term in (spec.scopeSelector.matchExpressions if spec.scopeSelector else None) or ():
        if term.scopeName not in SCOPES:
            yield field_invalid(f"{path}.scopeName", term.scopeName, "unsupported scope")
        for name in sorted(spec.hard or ()):
            if term.scopeName not in SCOPES or _cannot_bound(term.scopeName, name):
                yield field_invalid(path, spec.scopeSelector, "unsupported scope applied to resource")
        yield from _term_errors(term, path)
        found.add(term.scopeName)
    yield from _conflict_errors(found, spec.scopes, path)


def _term_errors(term: core.ScopedResourceSelectorRequirement, path: str) -> Iterable[FieldError]:
    if term.scopeName in _WITHOUT_VALUES and term.operator != "Exists":
        why = (
            "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
            "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
            "ResourceQuotaScopeCrossNamespacePodAffinity"
        )
        yield field_invalid(f"{path}.operator", term.operator, why)
    if term.operator in {"In", "NotIn"}:
        if not term.values:
            why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
            yield field_required(f"{path}.values", why)
    elif term.operator in {"Exists", "DoesNotExist"}:
        if term.values:
            why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
            yield field_invalid(f"{path}.values", term.values, why)
    else:
        yield field_invalid(f"{path}.operator", term.operator, "not a valid selector operator")


def _validate_update(new: core.ResourceQuota, old: core.ResourceQuota) -> Iterable[FieldError]:
    scopes = _spec(new).scopes or []
    if set(scopes) != set(_spec(old).scopes or ()):
        yield field_invalid("spec.scopes", scopes, IMMUTABLE)


def _used(quota: core.ResourceQuota, *, limits: bool) -> str:
    status = _status(quota)
    hard, used = status.hard or {}, status.used or {}
    names = (name for name in sorted(hard) if name.startswith("limits.") is limits)
    return ", ".join(f"{name}: {used.get(name, '0')}/{hard[name]}" for name in names)


def _requests(quota: core.ResourceQuota, _now: datetime) -> str:
    return _used(quota, limits=False)


def _limits(quota: core.ResourceQuota, _now: datetime) -> str:
    return _used(quota, limits=True)


RESOURCE_QUOTA = Kind(
    type=core.ResourceQuota,
    group="",
    version="v1",
    name="ResourceQuota",
    plural="resourcequotas",
    singular="resourcequota",
    namespaced=True,
    short_names=("quota",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Request", _requests, description="What is used of what may be requested."),
        Column("Limit", _limits, description="What is used of the limits that may be set."),
        AGE,
    ),
    has_status=True,
)
