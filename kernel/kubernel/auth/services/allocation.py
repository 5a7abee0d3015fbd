"""The admission link that gives services their addresses and ports, and keeps others from taking them."""

from collections.abc import Callable

from kubernel.auth.services.addresses import AddressRange
from kubernel.auth.services.ledger import Ledger
from kubernel.auth.services.ports import give_ports
from kubernel.objects.errors import invalid
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import core, meta_of
from kubernel.objects.services import HEADLESS, carry_over, has_node_ports, spec_of
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache

__all__ = ["ServiceAllocation"]


class ServiceAllocation:
    """Completes each service that is created or changed."""

    def __init__(self, cache: Callable[[], Cache], cidr: str) -> None:
        self._ledger = Ledger(cache)
        self._range = AddressRange(cidr)

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Give a service what its type needs and it does not have."""
        if request.kind is not SERVICE or request.attributes.subresource:
            return
        service: core.Service = request.obj
        spec = spec_of(service)
        name = meta_of(service).name or request.attributes.name
        owner = f"{request.attributes.namespace}/{name}"
        self._ledger.refresh()
        if request.old is not None:
            carry_over(spec, spec_of(request.old))
            self._ledger.forget(owner)
        errors = self._range.give(spec, owner, self._ledger.addresses)
        errors += give_ports(spec, owner, self._ledger.ports)
        if errors:
            raise invalid("Service", name, errors)
        if not request.dry_run:
            self._remember(spec, owner)

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Let others have what a service had that is deleted before anybody looked."""
        if request.kind is SERVICE and request.obj is None:
            self._ledger.forget(f"{request.attributes.namespace}/{request.attributes.name}")

    def _remember(self, spec: core.ServiceSpec, owner: str) -> None:
        for address in spec.clusterIPs or ():
            if address != HEADLESS:
                self._ledger.addresses.hand_out(address, owner)
        for port in spec.ports or () if has_node_ports(spec) else ():
            if port.nodePort:
                self._ledger.ports.hand_out(port.nodePort, owner)
        if spec.healthCheckNodePort:
            self._ledger.ports.hand_out(spec.healthCheckNodePort, owner)
