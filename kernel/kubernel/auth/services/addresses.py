"""Virtual addresses for services, from the cluster's range."""

import random
from ipaddress import IPv4Network, ip_address, ip_network

from kubernel.auth.services.ledger import Holdings
from kubernel.objects.errors import FieldError, StatusError, field_invalid, internal
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import address_of
from kubernel.objects.services import EXTERNAL_NAME, is_headless

__all__ = ["AddressRange"]


class AddressRange:
    """The addresses that services can have; one family, the first and the last of the range are nobody's."""

    def __init__(self, cidr: str) -> None:
        network = ip_network(cidr)
        if not isinstance(network, IPv4Network):
            raise ValueError(f"service range {cidr}: must be an IPv4 network")  # noqa: TRY004 - wrong value
        self._network = network

    def give(self, spec: core.ServiceSpec, owner: str, taken: Holdings[str]) -> list[FieldError]:
        """Give a service the address that it asks for, or any, in place.

        Returns:
            Why it cannot have what it asks for.

        Raises:
            StatusError: 500, the range is full.
        """
        if spec.type == EXTERNAL_NAME:
            return []
        if problems := self._family_errors(spec):
            return problems
        if is_headless(spec):
            return []
        if not spec.clusterIP:
            spec.clusterIP = self._any(owner, taken)
            spec.clusterIPs = [spec.clusterIP]
        elif problem := self._problem(spec.clusterIP, owner, taken):
            return [field_invalid("spec.clusterIPs", spec.clusterIPs, problem)]
        return []

    def _family_errors(self, spec: core.ServiceSpec) -> list[FieldError]:
        """Return what is wrong with wishes for another family, which the cluster has not."""
        if is_headless(spec) and not spec.selector:
            return []
        errors = []
        if spec.ipFamilyPolicy == "RequireDualStack":
            why = "this cluster is not configured for dual-stack services"
            errors.append(field_invalid("spec.ipFamilyPolicy", spec.ipFamilyPolicy, why))
        for i, family in enumerate(spec.ipFamilies or ()):
            if family == "IPv6":
                errors.append(field_invalid(f"spec.ipFamilies[{i}]", family, "not configured on this cluster"))
        return errors

    def _problem(self, text: str, owner: str, taken: Holdings[str]) -> str:
        address = address_of(text)
        if address is None:
            return ""  # the kind's own validation says so, with the right words
        if address not in self._network:
            return (
                f"failed to allocate IP {text}: the provided IP ({text}) is not in the valid range. "
                f"The range of valid IPs is {self._network}"
            )
        if not taken.is_free(text, owner):
            return f"failed to allocate IP {text}: provided IP is already allocated"
        return ""

    def _any(self, owner: str, taken: Holdings[str]) -> str:
        size = self._network.num_addresses - 2
        first = int(self._network.network_address) + 1
        offset = random.randrange(size)
        for step in range(size if len(taken) < size else 0):
            text = str(ip_address(first + (offset + step) % size))
            if taken.is_free(text, owner):
                return text
        raise _full(self._network)


def _full(network: IPv4Network) -> StatusError:
    return internal(f"failed to allocate a serviceIP: range {network} is full")
