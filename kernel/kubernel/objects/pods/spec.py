"""The rules of a whole pod spec, for pods and for templates.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidatePodSpec``).
"""

from collections.abc import Collection, Iterable
from functools import cache, lru_cache

import msgspec

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.models import core
from kubernel.objects.pods.confinement.security import host_errors, pod_security_errors
from kubernel.objects.pods.confinement.systems import system_errors
from kubernel.objects.pods.containers.ephemeral import ephemeral_errors
from kubernel.objects.pods.containers.rules import container_errors, image_errors
from kubernel.objects.pods.devices import pod_claim_errors
from kubernel.objects.pods.dns import dns_errors
from kubernel.objects.pods.placement.scheduling import scheduling_errors
from kubernel.objects.pods.resources import quantity_map_errors
from kubernel.objects.pods.storage.volumes import volume_errors
from kubernel.objects.pods.together import pod_resource_errors
from kubernel.objects.rules.addresses import ip_errors
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named, one_of, within

__all__ = ["RESTART_POLICIES", "new_pod_errors", "pod_errors", "spec_errors"]

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")
HOST_NAME_MAX = 64
"""What Linux allows."""

DEADLINE_MAX_S = 2**31 - 1


REMEMBERED_SPECS = 1024
REMEMBERED_MAX_BYTES = 8192
"""Together at most 8 MiB a process; larger specs are rare enough to be checked every time."""

_ENCODER = msgspec.json.Encoder()


@cache
def _decoder() -> "msgspec.json.Decoder[core.PodSpec]":
    return msgspec.json.Decoder(core.PodSpec)  # 8 ms, which the start has no time for


def pod_errors(spec: core.PodSpec) -> Iterable[FieldError]:
    """Check a pod's own spec: what holds for templates, and what only a pod must have.

    The verdict on a spec is remembered by its content, because pods come in herds: those of one controller differ
    in their names only, and every status update brings a spec that was checked before.
    """
    encoded = _ENCODER.encode(spec)
    return _remembered(encoded) if len(encoded) <= REMEMBERED_MAX_BYTES else _pod_errors(spec)


@lru_cache(maxsize=REMEMBERED_SPECS)
def _remembered(encoded: bytes) -> tuple[FieldError, ...]:
    return tuple(_pod_errors(_decoder().decode(encoded)))


def _pod_errors(spec: core.PodSpec) -> Iterable[FieldError]:
    yield from spec_errors(spec, "spec")
    yield from image_errors(spec.containers, "spec.containers")
    yield from image_errors(spec.initContainers, "spec.initContainers")
    if spec.ephemeralContainers:
        yield from ephemeral_errors(spec, {volume.name: volume for volume in spec.volumes or ()})


def new_pod_errors(spec: core.PodSpec) -> Iterable[FieldError]:
    """Check what only a new pod may not have."""
    if spec.ephemeralContainers:
        yield field_forbidden("spec.ephemeralContainers", "cannot be set on create")
    if spec.schedulingGates and spec.nodeName:
        yield field_forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")


def spec_errors(spec: core.PodSpec, path: str, *, claims: Collection[str] = ()) -> Iterable[FieldError]:
    """Check a spec with defaults filled in.

    Args:
        spec: What to check.
        path: Where it is: ``spec`` or ``spec.template.spec``.
        claims: Names that its containers may mount beside its own volumes.
    """
    volumes = spec.volumes or []
    if volumes:
        yield from volume_errors(volumes, f"{path}.volumes")
    if spec.resourceClaims:
        yield from pod_claim_errors(spec.resourceClaims, f"{path}.resourceClaims")
    mountable: dict[str, core.Volume | None] = {**dict.fromkeys(claims), **{v.name: v for v in volumes}}
    yield from container_errors(spec, mountable, path)
    if spec.resources is not None:
        yield from pod_resource_errors(spec, f"{path}.resources")
    yield from one_of(spec.restartPolicy, RESTART_POLICIES, f"{path}.restartPolicy")
    yield from one_of(spec.dnsPolicy, DNS_POLICIES, f"{path}.dnsPolicy")
    yield from scheduling_errors(spec, path)
    yield from pod_security_errors(spec, f"{path}.securityContext")
    yield from host_errors(spec, path)
    yield from _name_errors(spec, path)
    yield from within(spec.activeDeadlineSeconds, 1, DEADLINE_MAX_S, f"{path}.activeDeadlineSeconds")
    yield from dns_errors(spec, f"{path}.dnsConfig")
    if spec.hostNetwork:
        yield from _host_network_errors(spec, path)
    if spec.overhead:
        yield from quantity_map_errors(spec.overhead, f"{path}.overhead")
    if spec.preemptionPolicy is not None:
        yield from one_of(spec.preemptionPolicy, PREEMPTION_POLICIES, f"{path}.preemptionPolicy")
    yield from system_errors(spec, path)


def _host_network_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check that a container on its node's network has its ports there too; a template's pods get them later."""
    for i, container in enumerate(spec.containers):
        for j, port in enumerate(container.ports or ()):
            if port.hostPort and port.hostPort != port.containerPort:
                why = "must match `containerPort` when `hostNetwork` is true"
                yield field_invalid(f"{path}.containers[{i}].ports[{j}].hostPort", port.hostPort, why)


def _name_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    yield from named(dns_subdomain_errors, spec.serviceAccountName, f"{path}.serviceAccountName")
    yield from named(dns_label_errors, spec.hostname, f"{path}.hostname")
    yield from named(dns_label_errors, spec.subdomain, f"{path}.subdomain")
    if spec.hostnameOverride is not None:
        yield from _override_errors(spec, spec.hostnameOverride, path)
    if spec.runtimeClassName is not None:
        for why in dns_subdomain_errors(spec.runtimeClassName):
            yield field_invalid(f"{path}.runtimeClassName", spec.runtimeClassName, why)
    for i, gate in enumerate(spec.readinessGates or ()):
        for why in label_key_errors(gate.conditionType):
            yield field_invalid(f"{path}.readinessGates[{i}].conditionType", gate.conditionType, why)
    for i, alias in enumerate(spec.hostAliases or ()):
        yield from ip_errors(alias.ip, f"{path}.hostAliases[{i}].ip")
        for j, hostname in enumerate(alias.hostnames or ()):
            for why in dns_subdomain_errors(hostname):
                yield field_invalid(f"{path}.hostAliases[{i}].hostnames[{j}]", hostname, why)


def _override_errors(spec: core.PodSpec, name: str, path: str) -> Iterable[FieldError]:
    where = f"{path}.hostnameOverride"
    for why in dns_subdomain_errors(name):
        yield field_invalid(where, name, why)
    if len(name) > HOST_NAME_MAX:
        yield field_invalid(where, name, f"must be no more than {HOST_NAME_MAX} characters")
    if spec.setHostnameAsFQDN:
        yield field_forbidden(f"{path}.setHostnameAsFQDN", "may not be true when hostnameOverride is set")
    if spec.hostNetwork:
        yield field_forbidden(where, "may not be set when hostNetwork is true")
