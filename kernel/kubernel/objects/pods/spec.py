"""The rules of a whole pod spec, for pods and for templates.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidatePodSpec``).
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

import msgspec

from kubernel.objects.errors import FieldError, field_forbidden, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.containers import container_errors, image_errors
from kubernel.objects.pods.ephemeral import ephemeral_errors
from kubernel.objects.pods.resources import quantity_map_errors
from kubernel.objects.pods.scheduling import scheduling_errors
from kubernel.objects.pods.security import pod_security_errors
from kubernel.objects.pods.volumes import volume_errors
from kubernel.objects.rules.addresses import ip_errors
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import at_least_zero, named, one_of, required_name, within

__all__ = ["RESTART_POLICIES", "new_pod_errors", "pod_errors", "spec_errors"]

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
PREEMPTION_POLICIES = ("Never", "PreemptLowerPriority")
SYSTEMS = ("linux", "windows")
DEADLINE_MAX_S = 2**31 - 1


REMEMBERED_SPECS = 1024
REMEMBERED_MAX_BYTES = 8192
"""Together at most 8 MiB a process; larger specs are rare enough to be checked every time."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(core.PodSpec)


def pod_errors(spec: core.PodSpec) -> Iterable[FieldError]:
    """Check a pod's own spec: what holds for templates, and what only a pod must have.

    The verdict on a spec is remembered by its content, because pods come in herds: those of one controller differ
    in their names only, and every status update brings a spec that was checked before.
    """
    encoded = _ENCODER.encode(spec)
    return _remembered(encoded) if len(encoded) <= REMEMBERED_MAX_BYTES else _pod_errors(spec)


@lru_cache(maxsize=REMEMBERED_SPECS)
def _remembered(encoded: bytes) -> tuple[FieldError, ...]:
    return tuple(_pod_errors(_DECODER.decode(encoded)))


def _pod_errors(spec: core.PodSpec) -> Iterable[FieldError]:
    yield from spec_errors(spec, "spec")
    yield from image_errors(spec.containers, "spec.containers")
    yield from image_errors(spec.initContainers, "spec.initContainers")
    if spec.ephemeralContainers:
        yield from ephemeral_errors(spec, {volume.name for volume in spec.volumes or ()})


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
    yield from container_errors(spec, {*claims, *(volume.name for volume in volumes)}, path)
    yield from one_of(spec.restartPolicy, RESTART_POLICIES, f"{path}.restartPolicy")
    yield from one_of(spec.dnsPolicy, DNS_POLICIES, f"{path}.dnsPolicy")
    yield from scheduling_errors(spec, path)
    yield from pod_security_errors(spec.securityContext, f"{path}.securityContext")
    yield from _name_errors(spec, path)
    yield from within(spec.activeDeadlineSeconds, 1, DEADLINE_MAX_S, f"{path}.activeDeadlineSeconds")
    yield from at_least_zero(spec.terminationGracePeriodSeconds, f"{path}.terminationGracePeriodSeconds")
    if spec.dnsConfig or spec.dnsPolicy == "None":
        yield from _dns_errors(spec, f"{path}.dnsConfig")
    if spec.overhead:
        yield from quantity_map_errors(spec.overhead, f"{path}.overhead")
    if spec.preemptionPolicy is not None:
        yield from one_of(spec.preemptionPolicy, PREEMPTION_POLICIES, f"{path}.preemptionPolicy")
    if spec.os is not None:
        yield from one_of(spec.os.name, SYSTEMS, f"{path}.os.name")


def _name_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    yield from named(dns_subdomain_errors, spec.serviceAccountName, f"{path}.serviceAccountName")
    yield from named(dns_label_errors, spec.hostname, f"{path}.hostname")
    yield from named(dns_label_errors, spec.subdomain, f"{path}.subdomain")
    for i, reference in enumerate(spec.imagePullSecrets or ()):
        if not reference.name:
            yield field_required(f"{path}.imagePullSecrets[{i}].name")
    for i, gate in enumerate(spec.readinessGates or ()):
        yield from required_name(label_key_errors, gate.conditionType, f"{path}.readinessGates[{i}].conditionType")
    for i, alias in enumerate(spec.hostAliases or ()):
        yield from ip_errors(alias.ip, f"{path}.hostAliases[{i}].ip")
        for j, hostname in enumerate(alias.hostnames or ()):
            yield from required_name(dns_subdomain_errors, hostname, f"{path}.hostAliases[{i}].hostnames[{j}]")


def _dns_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    nameservers = (spec.dnsConfig.nameservers if spec.dnsConfig else None) or []
    if spec.dnsPolicy == "None" and not nameservers:
        why = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        yield field_required(f"{path}.nameservers", why)
    for i, server in enumerate(nameservers):
        yield from ip_errors(server, f"{path}.nameservers[{i}]")
