"""From a Service and its Endpoints to what a proxy serves: one `ServicePort` a port."""

from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.proxy import Backend, ServicePort

__all__ = ["AFFINITY_S", "service_ports"]

AFFINITY_S = 10800
"""Kubernetes' default of ``sessionAffinityConfig.clientIP.timeoutSeconds``: three hours."""


def service_ports(service: core.Service, endpoints: core.Endpoints | None) -> tuple[ServicePort, ...]:
    """Return the ports of the service that have a virtual address.

    Headless services (``clusterIP: None``), those without an address yet, and ``ExternalName`` have none.
    """
    spec = service.spec
    if spec is None or spec.type == "ExternalName" or not spec.clusterIP or spec.clusterIP == "None":
        return ()
    metadata = meta_of(service)
    return tuple(
        ServicePort(
            namespace=metadata.namespace or "",
            service=metadata.name or "",
            name=port.name or "",
            protocol=port.protocol or "TCP",
            ip=spec.clusterIP,
            port=port.port,
            backends=_backends(port, endpoints),
            session_affinity_s=_affinity_s(spec),
        )
        for port in spec.ports or ()
    )


def _backends(port: core.ServicePort, endpoints: core.Endpoints | None) -> tuple[Backend, ...]:
    wanted = (port.name or "", port.protocol or "TCP")
    backends = {
        Backend(address.ip, target.port)
        for subset in (endpoints and endpoints.subsets) or ()
        for target in subset.ports or ()
        if (target.name or "", target.protocol or "TCP") == wanted
        for address in subset.addresses or ()
    }
    return tuple(sorted(backends))


def _affinity_s(spec: core.ServiceSpec) -> int | None:
    if spec.sessionAffinity != "ClientIP":
        return None
    client_ip = spec.sessionAffinityConfig.clientIP if spec.sessionAffinityConfig else None
    return (client_ip.timeoutSeconds if client_ip else None) or AFFINITY_S
