"""What a pod's status may say: addresses, conditions, and containers that have ended and stay so.

Source: Kubernetes' ``ValidatePodStatusUpdate``.
"""

from collections.abc import Iterable, Sequence

from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import family_of, ip_errors
from kubernel.objects.rules.labels import is_label_key, label_key_errors
from kubernel.objects.rules.names import dns_subdomain_errors

__all__ = ["status_errors"]

_SYSTEM = frozenset({"PodScheduled", "Ready", "Initialized"})
_FAMILIES = 2
Statuses = list[core.ContainerStatus] | None


def status_errors(new: core.Pod, old: core.Pod) -> Iterable[FieldError]:
    """Check a status that is written by itself."""
    status, was = new.status or core.PodStatus(), old.status or core.PodStatus()
    for i, condition in enumerate(status.conditions or ()):
        if condition.type not in _SYSTEM and not is_label_key(condition.type):
            for why in label_key_errors(condition.type):
                yield field_invalid(f"metadata.conditions[{i}].Type", condition.type, why)
    nominated = status.nominatedNodeName
    if nominated and nominated != was.nominatedNodeName:
        for why in dns_subdomain_errors(nominated):
            yield field_invalid("status.nominatedNodeName", nominated, why)
    # Nodes write statuses all the time, and nearly always leave most of it as it was.
    if old.spec is not None and (was.containerStatuses or was.initContainerStatuses):
        yield from _transition_errors(status, was, old.spec)
    if old.spec is not None and status.resourceClaimStatuses:
        yield from _claim_errors(status, old.spec)
    if status.podIPs and status.podIPs != was.podIPs:
        yield from _address_errors([ip.ip for ip in status.podIPs], "status.podIPs")
    if status.hostIPs and (status.hostIPs != was.hostIPs or status.hostIP != was.hostIP):
        hosts = [ip.ip for ip in status.hostIPs]
        if status.hostIP != hosts[0]:
            yield field_invalid("status.hostIPs[0].ip", hosts[0], "must be equal to `hostIP`")
        yield from _address_errors(hosts, "status.hostIPs")


def _address_errors(addresses: Sequence[str], path: str) -> Iterable[FieldError]:
    for i, address in enumerate(addresses):
        yield from ip_errors(address, f"{path}[{i}]")
    families = [family_of(address) for address in addresses]
    if len(families) > _FAMILIES or len(set(families)) < len(families):
        yield field_invalid(path, list(addresses), "may specify no more than one IP for each IP family")
    for i, address in enumerate(addresses):
        if address in addresses[:i]:
            yield field_duplicate(f"{path}[{i}]", address)


def _transition_errors(new: core.PodStatus, old: core.PodStatus, spec: core.PodSpec) -> Iterable[FieldError]:
    """Check that what has ended for good is not said to run again."""
    own = {c.name: c for c in (*spec.containers, *(spec.initContainers or ()))}
    for name in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        now: Statuses = getattr(new, name)
        if not now or not (was := getattr(old, name)):
            continue
        running = {s.name for s in now if s.state is None or s.state.terminated is None}
        for i, status in enumerate(was):
            ended = status.state.terminated if status.state is not None else None
            if ended is None or status.name not in running:
                continue
            policy = "Never" if name.startswith("ephemeral") else _policy_of(own.get(status.name), spec)
            if policy == "Always" or (policy == "OnFailure" and ended.exitCode != 0):
                continue
            yield field_forbidden(f"status.{name}[{i}].state", "may not be transitioned to non-terminated state")


def _policy_of(container: core.Container | None, spec: core.PodSpec) -> str | None:
    """Return when a container starts again; one with rules of its own may do so at any time."""
    if container is not None and container.restartPolicyRules:
        return "Always"
    own = container.restartPolicy if container is not None else None
    return own or spec.restartPolicy


def _claim_errors(status: core.PodStatus, spec: core.PodSpec) -> Iterable[FieldError]:
    known, seen = {claim.name for claim in spec.resourceClaims or ()}, set[str]()
    for i, claim in enumerate(status.resourceClaimStatuses or ()):
        path = f"status.resourceClaimStatuses[{i}].name"
        if claim.name not in known:
            yield field_invalid(path, claim.name, "must match the name of an entry in `spec.resourceClaims`")
        if claim.name in seen:
            yield field_duplicate(path, claim.name)
        seen.add(claim.name)
