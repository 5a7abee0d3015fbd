"""What the server gives to services: addresses in the cluster, and ports of the nodes."""

from kubernel.auth.services.allocation import ServiceAllocation

__all__ = ["ServiceAllocation"]
