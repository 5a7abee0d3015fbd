"""The admission plugin: what is stored, what is on its way, and what is asked for must fit into every quota.

What is on its way is remembered from `kubernel_validate` until its request is over; both hooks run between two steps
of the event loop, so no two requests can be let through on the same room. Nothing depends on a quota's status, which
somebody else writes down later.
"""

from collections.abc import Sequence

from kubernel.objects.errors import forbidden
from kubernel.objects.kinds.core.resource_quota import RESOURCE_QUOTA
from kubernel.objects.models import core
from kubernel.objects.quotas import Amounts, Charge, Coverage, charge_of, coverage_of, shown, subtracted, unspecified
from kubernel.plugin.hooks import AdmissionRequest, Stored, hookimpl

from kubernel_admission_resourcequota.ledger import Ledgers

__all__ = ["Quotas"]

_SUBRESOURCES = {"pods": frozenset({"", "resize"}), "persistentvolumeclaims": frozenset({"", "status"})}
_CHANGING = frozenset({"pods", "services", "persistentvolumeclaims"})
"""Objects that take more when they change; others are only counted."""


class Quotas:
    """Every quota of a namespace, asked about every object that is to be stored there."""

    def __init__(self) -> None:
        self._ledgers = Ledgers()
        self._coverages: dict[str, tuple[Sequence[Stored], list[Coverage]]] = {}

    @hookimpl(trylast=True)
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Refuse what exceeds a quota; remember what does not until it is stored."""
        if not _is_counted(request) or not request.cluster.count(RESOURCE_QUOTA):
            return
        coverages = self._covering(request)
        if not coverages:
            return
        kind, obj = request.kind, request.obj
        charge = charge_of(kind, obj)
        before = charge_of(kind, request.old) if request.old is not None else None
        taken = False
        for coverage in coverages:
            names = coverage.bounded(kind)
            if names and coverage.covers(kind, charge):
                taken |= self._check(request, coverage, names, charge, before)
        if taken and not request.dry_run:
            more = charge.amounts if before is None else subtracted(charge.amounts, before.amounts)
            self._ledgers.reserve(request, Charge(_positive(more), charge.traits))

    @hookimpl
    def kubernel_settled(self, request: AdmissionRequest) -> None:
        """Forget what was remembered: by now it is stored, or will not be."""
        self._ledgers.release(request)

    def _covering(self, request: AdmissionRequest) -> list[Coverage]:
        namespace = request.attributes.namespace
        quotas = request.cluster.list(RESOURCE_QUOTA, namespace)
        known = self._coverages.get(namespace)
        if known is not None and known[0] == quotas:  # stored objects are compared by identity
            return known[1]
        coverages = [coverage_of(quota.decode()) for quota in quotas]
        if coverages:
            self._coverages[namespace] = (quotas, coverages)
        else:
            self._coverages.pop(namespace, None)
        return coverages

    def _check(
        self, request: AdmissionRequest, coverage: Coverage, names: Sequence[str], charge: Charge, before: Charge | None
    ) -> bool:
        """Check one quota; return whether the object takes anything of it."""
        _require(request, coverage, names)
        more = charge.amounts
        if before is not None and coverage.covers(request.kind, before):
            more = subtracted(more, before.amounts)
        wanted = {name: amount for name in names if (amount := more.get(name)) is not None and amount > 0}
        if not wanted:
            return False
        used = self._ledgers.used(request, coverage, names)
        exceeded = [name for name in wanted if used[name] + wanted[name] > coverage.hard[name]]
        if exceeded:
            why = (
                f"exceeded quota: {coverage.name}, requested: {shown(_only(wanted, exceeded))}, "
                f"used: {shown(_only(used, exceeded))}, limited: {shown(_only(coverage.hard, exceeded))}"
            )
            raise _refused(request, why)
        return True


def _is_counted(request: AdmissionRequest) -> bool:
    attributes, plural = request.attributes, request.kind.plural
    if request.obj is None or not attributes.namespace:
        return False
    if request.old is not None and plural not in _CHANGING:
        return False
    return attributes.subresource in _SUBRESOURCES.get(plural, ("",))


def _require(request: AdmissionRequest, coverage: Coverage, names: Sequence[str]) -> None:
    pod = request.obj
    if isinstance(pod, core.Pod) and pod.spec is not None and (missing := unspecified(pod.spec, names)):
        words = "; ".join(f"{name} for: {','.join(containers)}" for name, containers in missing.items())
        raise _refused(request, f"failed quota: {coverage.name}: must specify {words}")


def _refused(request: AdmissionRequest, why: str) -> Exception:
    name = request.obj.metadata.name or request.attributes.name
    return forbidden(request.kind.plural, name, why, request.kind.group)


def _only(amounts: Amounts, names: Sequence[str]) -> Amounts:
    return {name: amounts[name] for name in names}


def _positive(amounts: Amounts) -> Amounts:
    return {name: amount for name, amount in amounts.items() if amount > 0}
