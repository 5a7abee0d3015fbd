"""The kind ``DaemonSet``: a pod of one template on every node, or on every node of some sort."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME, labels_text
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import apps, meta_of
from kubernel.objects.rules.values import at_least_zero, immutable
from kubernel.objects.selectors import label_selector_errors
from kubernel.objects.warnings import workload_warnings
from kubernel.objects.workloads.amounts import amount_errors, amount_of, at_most_all
from kubernel.objects.workloads.columns import image_columns, selector_column
from kubernel.objects.workloads.counting import collision_errors, count_errors
from kubernel.objects.workloads.equality import same
from kubernel.objects.workloads.selecting import mismatch_errors
from kubernel.objects.workloads.showing import ShownStrategy
from kubernel.objects.workloads.templates import default_template, lasting_errors, template_errors

__all__ = ["DAEMON_SET"]

STRATEGIES = ("RollingUpdate", "OnDelete")
HISTORY = 10
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
"""Where ``apps/v1`` keeps the count of the template's versions, which its spec no longer has."""

_COUNTS = (
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
)


def _new_status() -> apps.DaemonSetStatus:
    return apps.DaemonSetStatus(currentNumberScheduled=0, desiredNumberScheduled=0, numberMisscheduled=0, numberReady=0)


def _status(daemon_set: apps.DaemonSet) -> apps.DaemonSetStatus:
    return daemon_set.status or _new_status()


def _default(daemon_set: apps.DaemonSet) -> None:
    spec = daemon_set.spec
    strategy = spec.updateStrategy = spec.updateStrategy or apps.DaemonSetUpdateStrategy()
    strategy.type = strategy.type or "RollingUpdate"
    if strategy.type == "RollingUpdate":
        rolling = strategy.rollingUpdate = strategy.rollingUpdate or apps.RollingUpdateDaemonSet()
        rolling.maxUnavailable = 1 if rolling.maxUnavailable is None else rolling.maxUnavailable
        rolling.maxSurge = 0 if rolling.maxSurge is None else rolling.maxSurge
    if spec.revisionHistoryLimit is None:
        spec.revisionHistoryLimit = HISTORY
    default_template(spec.template)


def _prepare_create(daemon_set: apps.DaemonSet) -> None:
    daemon_set.status = _new_status()
    _write_generation(daemon_set, max(1, _generation(daemon_set)))


def _prepare_update(new: apps.DaemonSet, old: apps.DaemonSet) -> None:
    """Count the template's versions; nobody else may."""
    _write_generation(new, _generation(old) + (not same(new.spec.template, old.spec.template)))


def _generation(daemon_set: apps.DaemonSet) -> int:
    said = str((meta_of(daemon_set).annotations or {}).get(TEMPLATE_GENERATION, ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def _write_generation(daemon_set: apps.DaemonSet, generation: int) -> None:
    metadata = meta_of(daemon_set)
    metadata.annotations = {**(metadata.annotations or {}), TEMPLATE_GENERATION: str(generation)}


def _validate(daemon_set: apps.DaemonSet) -> Iterable[FieldError]:
    spec = daemon_set.spec
    yield from label_selector_errors(spec.selector, "spec.selector")
    yield from mismatch_errors(spec.selector, spec.template, "spec", broken=None)
    if not spec.selector.matchLabels and not spec.selector.matchExpressions:
        yield field_invalid("spec.selector", spec.selector, "empty selector is invalid for daemonset")
    yield from template_errors(spec.template, "spec.template")
    yield from lasting_errors(spec.template, "spec.template", "DaemonSet")
    yield from at_least_zero(spec.minReadySeconds, "spec.minReadySeconds")
    yield from _strategy_errors(spec.updateStrategy or apps.DaemonSetUpdateStrategy(), "spec.updateStrategy")
    yield from at_least_zero(spec.revisionHistoryLimit, "spec.revisionHistoryLimit")


def _strategy_errors(strategy: apps.DaemonSetUpdateStrategy, path: str) -> Iterable[FieldError]:
    rolling = strategy.rollingUpdate
    if strategy.type not in STRATEGIES:
        yield field_not_supported(path, ShownStrategy(strategy.type, rolling), STRATEGIES)
    elif strategy.type == "RollingUpdate" and rolling is not None:
        yield from _rolling_errors(rolling, f"{path}.rollingUpdate")


def _rolling_errors(rolling: apps.RollingUpdateDaemonSet, path: str) -> Iterable[FieldError]:
    unavailable, surge = f"{path}.maxUnavailable", f"{path}.maxSurge"
    yield from amount_errors(rolling.maxUnavailable, unavailable)
    yield from amount_errors(rolling.maxSurge, surge)
    yield from at_most_all(rolling.maxUnavailable, unavailable)
    yield from at_most_all(rolling.maxSurge, surge)
    if amount_of(rolling.maxUnavailable) and amount_of(rolling.maxSurge):
        yield field_invalid(surge, rolling.maxSurge, "may not be set when maxUnavailable is non-zero")
    elif not amount_of(rolling.maxUnavailable) and not amount_of(rolling.maxSurge):
        yield field_required(unavailable, "cannot be 0 when maxSurge is 0")


def _validate_update(new: apps.DaemonSet, old: apps.DaemonSet) -> Iterable[FieldError]:
    return immutable(new.spec.selector, old.spec.selector, "spec.selector")


def _validate_status(new: apps.DaemonSet, old: apps.DaemonSet) -> Iterable[FieldError]:
    yield from count_errors(new.status, _COUNTS)
    yield from collision_errors(new.status, old.status)


def _node_selector(daemon_set: apps.DaemonSet) -> str:
    pod = daemon_set.spec.template.spec
    return labels_text(pod.nodeSelector if pod is not None else None)


DAEMON_SET = Kind(
    type=apps.DaemonSet,
    group="apps",
    version="v1",
    name="DaemonSet",
    plural="daemonsets",
    singular="daemonset",
    namespaced=True,
    short_names=("ds",),
    categories=("all",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_validate,
    warnings=workload_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column(
            "Desired",
            lambda d, _: _status(d).desiredNumberScheduled,
            type="integer",
            description="The nodes that should have a pod.",
        ),
        Column(
            "Current",
            lambda d, _: _status(d).currentNumberScheduled,
            type="integer",
            description="The nodes that should have a pod and do.",
        ),
        Column("Ready", lambda d, _: _status(d).numberReady, type="integer", description="The pods that are ready."),
        Column(
            "Up-to-date",
            lambda d, _: _status(d).updatedNumberScheduled or 0,
            type="integer",
            description="The nodes with a pod of the newest template.",
        ),
        Column(
            "Available",
            lambda d, _: _status(d).numberAvailable or 0,
            type="integer",
            description="The nodes with an available pod.",
        ),
        Column("Node Selector", lambda d, _: _node_selector(d), description="On which nodes its pods run."),
        AGE,
        *image_columns(lambda d: d.spec.template),
        selector_column(lambda d: d.spec.selector, "Which pods it has."),
    ),
    has_status=True,
    spec_changes_generation=True,
)
