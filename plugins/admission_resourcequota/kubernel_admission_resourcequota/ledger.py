"""What is used: sums over what is stored, kept up to date change by change, and what is on its way besides."""

from collections.abc import Sequence
from fractions import Fraction

from kubernel.objects.quotas import Amounts, Charge, Coverage, added, charge_of, subtracted
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import AdmissionRequest, ClusterReader, Stored

__all__ = ["Ledgers"]

_LEDGERS_MAX = 512
"""Sums that are kept; the ones that were asked for longest ago are made again when they are needed."""

_Traits = frozenset[tuple[str, str]]
_Place = tuple[str, str]


class Ledgers:
    """The sums of every kind and namespace that a quota bounds, and the reservations."""

    def __init__(self) -> None:
        self._ledgers: dict[_Place, _Ledger] = {}
        self._reserved: dict[_Place, dict[str, dict[int, Charge]]] = {}
        self._by_request: dict[int, tuple[_Place, str]] = {}

    def used(self, request: AdmissionRequest, coverage: Coverage, names: Sequence[str]) -> dict[str, Fraction]:
        """Return how much of a quota's resources objects of the request's kind take, stored and on their way."""
        place = _place(request)
        reserved = self._reserved.get(place, {})
        ledger = self._ledgers.pop(place, None) or _Ledger(request.kind.stored_as, request.attributes.namespace)
        self._ledgers[place] = ledger  # the last one is the one that was used last
        if len(self._ledgers) > _LEDGERS_MAX:
            del self._ledgers[next(iter(self._ledgers))]
        for name in ledger.refresh(request.cluster):
            # It is stored, and counted; its own request may not be over yet.
            reserved.pop(name, None)
        charges = [Charge(amounts, traits) for traits, amounts in ledger.totals.items()]
        charges += [charge for requests in reserved.values() for charge in requests.values()]
        covered = [charge.amounts for charge in charges if coverage.covers(request.kind, charge)]
        return {name: sum((amounts.get(name, Fraction(0)) for amounts in covered), Fraction(0)) for name in names}

    def reserve(self, request: AdmissionRequest, charge: Charge) -> None:
        """Count what a request asks for until it is over."""
        place, name = _place(request), request.obj.metadata.name or request.attributes.name
        self._reserved.setdefault(place, {}).setdefault(name, {})[id(request)] = charge
        self._by_request[id(request)] = (place, name)

    def release(self, request: AdmissionRequest) -> None:
        """Count it no more."""
        found = self._by_request.pop(id(request), None)
        if found is None:
            return
        place, name = found
        by_name = self._reserved[place]
        requests = by_name.get(name, {})
        requests.pop(id(request), None)
        if not requests:
            by_name.pop(name, None)
        if not by_name and not any(where == place for where, _ in self._by_request.values()):
            del self._reserved[place]


class _Ledger:
    """What the objects of one kind in one namespace take, by the traits that scopes ask for."""

    def __init__(self, kind: AnyKind, namespace: str) -> None:
        self._kind = kind
        self._namespace = namespace
        self._charges: dict[str, Charge] = {}
        self._revision = -1
        self.totals: dict[_Traits, Amounts] = {}

    def refresh(self, cluster: ClusterReader) -> list[str]:
        """Take in what happened since the last time.

        Returns:
            The names of the objects that were stored since.
        """
        changes = cluster.changes(self._kind, self._revision) if self._revision >= 0 else None
        self._revision = cluster.revision
        if changes is None:
            self._charges, self.totals = {}, {}
            stored = cluster.list(self._kind, self._namespace)
            for record in stored:
                self._put(record.name, record)
            return [record.name for record in stored]
        touched = []
        for before, after in changes:
            known = after or before
            if known is not None and known.namespace == self._namespace:
                self._put(known.name, after)
                touched.append(known.name)
        return touched

    def _put(self, name: str, stored: Stored | None) -> None:
        old = self._charges.pop(name, None)
        if old is not None:
            self.totals[old.traits] = subtracted(self.totals[old.traits], old.amounts)
        if stored is not None:
            charge = self._charges[name] = charge_of(self._kind, stored.decode())
            self.totals[charge.traits] = added(self.totals.get(charge.traits, {}), charge.amounts)


def _place(request: AdmissionRequest) -> _Place:
    return request.kind.stored_as.resource, request.attributes.namespace
