"""What is doubtful in a Service: fields that it ignores, and those that clusters may give up.

Source: Kubernetes' ``pkg/api/service/warnings.go``.
"""

from collections.abc import Iterable

from kubernel.objects.models import core

__all__ = ["service_warnings"]

_HINTS, _MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"


def service_warnings(new: core.Service, _old: core.Service | None) -> Iterable[str]:
    """Warn of a new or changed Service."""
    annotations: dict[str, str] = (new.metadata.annotations if new.metadata else None) or {}
    spec = new.spec or core.ServiceSpec()
    if _HINTS in annotations:
        yield f"annotation {_HINTS} is deprecated, please use {_MODE} instead"
    is_headless = spec.type == "ClusterIP" and spec.clusterIP == "None"
    if is_headless:
        ignored = {
            "loadBalancerIP": bool(spec.loadBalancerIP),
            "externalIPs": bool(spec.externalIPs),
            "SessionAffinity": spec.sessionAffinity != "None",
        }
        yield from (f"spec.{name} is ignored for headless services" for name, is_set in ignored.items() if is_set)
    is_name = spec.type == "ExternalName"
    if spec.externalIPs and not is_headless and not is_name:
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    if spec.externalIPs and is_name:
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if spec.externalName and not is_name:
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if spec.trafficDistribution == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'
