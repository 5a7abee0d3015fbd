"""The kinds of the group ``networking.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.networking.ingress import INGRESS
from kubernel.objects.kinds.networking.ingress_class import INGRESS_CLASS
from kubernel.objects.kinds.networking.ip_address import IP_ADDRESS
from kubernel.objects.kinds.networking.network_policy import NETWORK_POLICY
from kubernel.objects.kinds.networking.service_cidr import SERVICE_CIDR

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (INGRESS, INGRESS_CLASS, IP_ADDRESS, NETWORK_POLICY, SERVICE_CIDR)
