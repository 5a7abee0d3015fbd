"""What a Service says: which ports, at which addresses, for whom; and what follows from its type."""

from kubernel.objects.services.allocated import carry_over
from kubernel.objects.services.defaults import default_service, reset_status
from kubernel.objects.services.rules import service_errors, status_errors
from kubernel.objects.services.spec import (
    EXTERNAL_NAME,
    HEADLESS,
    LOAD_BALANCER,
    has_addresses,
    has_node_ports,
    is_headless,
    needs_health_check,
    spec_of,
)

__all__ = [
    "EXTERNAL_NAME",
    "HEADLESS",
    "LOAD_BALANCER",
    "carry_over",
    "default_service",
    "has_addresses",
    "has_node_ports",
    "is_headless",
    "needs_health_check",
    "reset_status",
    "service_errors",
    "spec_of",
    "status_errors",
]
