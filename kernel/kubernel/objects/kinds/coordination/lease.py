"""The kind ``Lease``: a claim that lasts only while it is renewed; leaders and nodes' heartbeats use it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import coordination
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import at_least_zero

__all__ = ["LEASE"]

STRATEGIES = ("OldestEmulationVersion",)
"""How the cluster itself can choose a leader; others have their own, with a domain before the name."""


def _validate(lease: coordination.Lease) -> Iterable[FieldError]:
    spec = lease.spec
    if spec is None:
        return
    if spec.leaseDurationSeconds is not None and spec.leaseDurationSeconds <= 0:
        yield field_invalid("spec.leaseDurationSeconds", spec.leaseDurationSeconds, "must be greater than 0")
    yield from at_least_zero(spec.leaseTransitions, "spec.leaseTransitions")
    if spec.strategy is not None:
        yield from _strategy_errors(spec.strategy, "spec.strategy.strategy")  # spelled so in Kubernetes too
    if spec.preferredHolder and not spec.strategy:
        yield field_forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined")


def _strategy_errors(strategy: str, path: str) -> Iterable[FieldError]:
    if "/" not in strategy:
        if strategy not in STRATEGIES:
            yield field_not_supported(path, strategy, STRATEGIES)
        return
    for why in label_key_errors(strategy):
        yield field_invalid(path, strategy, why)


def _holder(lease: coordination.Lease, _now: datetime) -> str:
    return (lease.spec and lease.spec.holderIdentity) or ""


LEASE = Kind(
    type=coordination.Lease,
    group="coordination.k8s.io",
    version="v1",
    name="Lease",
    plural="leases",
    singular="lease",
    namespaced=True,
    validate=_validate,
    columns=(NAME, Column("Holder", _holder, description="Who holds it."), AGE),
)
