"""The kind ``StatefulSet``: pods with names that stay, each with storage of its own."""

from collections.abc import Iterable

import msgspec

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import apps, core
from kubernel.objects.pods.storage.claims import claim_spec_errors, default_claim_spec
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.values import at_least_zero, named, one_of, required_name
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.amounts import amount_errors, amount_of, at_most_all
from kubernel.objects.workloads.columns import image_columns
from kubernel.objects.workloads.counting import collision_errors, count_errors, whole_errors
from kubernel.objects.workloads.equality import same
from kubernel.objects.workloads.selecting import mismatch_errors, required_selector_errors, selector_text
from kubernel.objects.workloads.showing import ShownStrategy
from kubernel.objects.workloads.templates import default_template, lasting_errors, template_errors

__all__ = ["STATEFUL_SET"]

MANAGEMENT = ("OrderedReady", "Parallel")
STRATEGIES = ("RollingUpdate", "OnDelete")
RETENTION = ("Retain", "Delete")
HISTORY = 10
_CHANGEABLE = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)
_PARTS = ("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")
_COUNTS = ("replicas", *_PARTS, "observedGeneration", "collisionCount")


def _status(stateful_set: apps.StatefulSet) -> apps.StatefulSetStatus:
    return stateful_set.status or apps.StatefulSetStatus(replicas=0)


def _default(stateful_set: apps.StatefulSet) -> None:
    spec = stateful_set.spec
    spec.podManagementPolicy = spec.podManagementPolicy or "OrderedReady"
    _default_strategy(spec)
    retention = spec.persistentVolumeClaimRetentionPolicy or apps.StatefulSetPersistentVolumeClaimRetentionPolicy()
    spec.persistentVolumeClaimRetentionPolicy = retention
    retention.whenDeleted = retention.whenDeleted or "Retain"
    retention.whenScaled = retention.whenScaled or "Retain"
    if spec.replicas is None:
        spec.replicas = 1
    if spec.revisionHistoryLimit is None:
        spec.revisionHistoryLimit = HISTORY
    default_template(spec.template)
    for claim in spec.volumeClaimTemplates or ():
        _default_claim(claim)


def _default_strategy(spec: apps.StatefulSetSpec) -> None:
    strategy = spec.updateStrategy = spec.updateStrategy or apps.StatefulSetUpdateStrategy()
    if not strategy.type:
        strategy.type = "RollingUpdate"
        strategy.rollingUpdate = strategy.rollingUpdate or apps.RollingUpdateStatefulSetStrategy()
    rolling = strategy.rollingUpdate
    if strategy.type == "RollingUpdate" and rolling is not None:
        rolling.partition = rolling.partition or 0
        if rolling.maxUnavailable is None:
            rolling.maxUnavailable = 1


def _default_claim(claim: core.PersistentVolumeClaim) -> None:
    claim.apiVersion, claim.kind = "v1", "PersistentVolumeClaim"
    claim.status = claim.status or core.PersistentVolumeClaimStatus()
    claim.status.phase = claim.status.phase or "Pending"
    if claim.spec is not None:
        default_claim_spec(claim.spec)


def _prepare_create(stateful_set: apps.StatefulSet) -> None:
    stateful_set.status = apps.StatefulSetStatus(replicas=0)


def _validate(stateful_set: apps.StatefulSet) -> Iterable[FieldError]:
    spec = stateful_set.spec
    if spec.podManagementPolicy not in MANAGEMENT:
        why = "must be 'OrderedReady' or 'Parallel'"
        yield field_invalid("spec.podManagementPolicy", spec.podManagementPolicy, why)
    yield from _strategy_errors(spec.updateStrategy or apps.StatefulSetUpdateStrategy(), "spec.updateStrategy")
    retention = spec.persistentVolumeClaimRetentionPolicy
    if retention is not None:
        for name in ("whenDeleted", "whenScaled"):
            yield from one_of(getattr(retention, name), RETENTION, f"spec.persistentVolumeClaimRetentionPolicy.{name}")
    yield from at_least_zero(spec.replicas, "spec.replicas")
    yield from at_least_zero(spec.minReadySeconds, "spec.minReadySeconds")
    if spec.ordinals is not None:
        yield from at_least_zero(spec.ordinals.start, "spec.ordinals.start")
    yield from named(dns_label_errors, spec.serviceName, "spec.serviceName")
    yield from required_selector_errors(spec.selector, "spec.selector", "statefulset")
    yield from mismatch_errors(spec.selector, spec.template, "spec", broken="")
    yield from _template_errors(spec)
    yield from at_least_zero(spec.revisionHistoryLimit, "spec.revisionHistoryLimit")


def _template_errors(spec: apps.StatefulSetSpec) -> Iterable[FieldError]:
    claims = spec.volumeClaimTemplates or []
    names = [(claim.metadata.name if claim.metadata else None) or "" for claim in claims]
    yield from template_errors(spec.template, "spec.template", claims=names)
    yield from lasting_errors(spec.template, "spec.template", "StatefulSet")
    for i, claim in enumerate(claims):
        path = f"spec.volumeClaimTemplates[{i}]"
        yield from required_name(dns_label_errors, names[i], f"{path}.metadata.name")
        yield from claim_spec_errors(claim.spec or core.PersistentVolumeClaimSpec(), f"{path}.spec")


def _strategy_errors(strategy: apps.StatefulSetUpdateStrategy, path: str) -> Iterable[FieldError]:
    rolling = strategy.rollingUpdate
    if strategy.type not in STRATEGIES:
        why = "must be 'RollingUpdate' or 'OnDelete'"
        yield field_invalid(path, ShownStrategy(strategy.type, rolling), why)
    elif rolling is not None and strategy.type == "OnDelete":
        yield field_invalid(f"{path}.rollingUpdate", rolling, "only allowed for updateStrategy 'RollingUpdate'")
    elif rolling is not None:
        yield from at_least_zero(rolling.partition, f"{path}.rollingUpdate.partition")
        where = f"{path}.rollingUpdate.maxUnavailable"
        yield from amount_errors(rolling.maxUnavailable, where)
        if rolling.maxUnavailable is not None and amount_of(rolling.maxUnavailable) == 0:
            yield field_invalid(where, rolling.maxUnavailable, "cannot be 0")
        yield from at_most_all(rolling.maxUnavailable, where)


def _validate_update(new: apps.StatefulSet, old: apps.StatefulSet) -> Iterable[FieldError]:
    kept = {name: getattr(old.spec, name) for name in _CHANGEABLE}
    if not same(msgspec.structs.replace(new.spec, **kept), old.spec):
        words = [f"'{name}'" for name in _CHANGEABLE]
        listed = f"{', '.join(words[:-1])} and {words[-1]}"
        yield field_forbidden("spec", f"updates to statefulset spec for fields other than {listed} are forbidden")


def _validate_status(new: apps.StatefulSet, old: apps.StatefulSet) -> Iterable[FieldError]:
    yield from count_errors(new.status, _COUNTS)
    yield from whole_errors(new.status, _PARTS, ready="status.readyReplicas")
    yield from collision_errors(new.status, old.status)


def _set_replicas(stateful_set: apps.StatefulSet, replicas: int) -> None:
    stateful_set.spec.replicas = replicas


STATEFUL_SET = Kind(
    type=apps.StatefulSet,
    group="apps",
    version="v1",
    name="StatefulSet",
    plural="statefulsets",
    singular="statefulset",
    namespaced=True,
    short_names=("sts",),
    categories=("all",),
    # Kubernetes: a label, because the pods' names are made of it and are host names.
    name_errors=dns_label_errors,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    warnings=workload_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column(
            "Ready",
            lambda s, _: f"{_status(s).readyReplicas or 0}/{s.spec.replicas or 0}",
            description="Number of the pod with ready state",
        ),
        AGE,
        *image_columns(lambda s: s.spec.template),
    ),
    has_status=True,
    spec_changes_generation=True,
    scale=Scale(
        replicas=lambda s: s.spec.replicas or 0,
        set_replicas=_set_replicas,
        current=lambda s: _status(s).replicas,
        selector=lambda s: selector_text(s.spec.selector),
    ),
)
