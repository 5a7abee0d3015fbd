"""Rules of containers: names, images, ports, and what kinds of container may have.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateContainers``, ``validateInitContainers``).
"""

from collections.abc import Collection, Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.pods.confinement.security import container_security_errors
from kubernel.objects.pods.confinement.systems import AnyContainer
from kubernel.objects.pods.containers.environment import env_errors, env_from_errors
from kubernel.objects.pods.containers.mounts import Volumes, mount_errors
from kubernel.objects.pods.containers.probes import lifecycle_errors, liveness_errors, readiness_errors
from kubernel.objects.pods.containers.restarts import resize_policy_errors, restart_errors
from kubernel.objects.pods.resources import resource_errors
from kubernel.objects.rules.names import dns_label_errors, port_name_errors
from kubernel.objects.rules.values import duplicates, named, one_of, required_name, within

__all__ = ["PROTOCOLS", "common_errors", "container_errors", "image_errors"]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
PORT_MAX = 65535


def container_errors(spec: core.PodSpec, volumes: Volumes, path: str) -> Iterable[FieldError]:
    """Check all containers of a spec.

    Args:
        spec: The spec, with defaults filled in.
        volumes: The volumes that they may mount.
        path: Where the spec is: ``spec`` or ``spec.template.spec``.
    """
    if not spec.containers:
        yield field_required(f"{path}.containers")
    for i, container in enumerate(spec.containers):
        yield from common_errors(spec, container, volumes, f"{path}.containers[{i}]")
        yield from _probes(spec, container, f"{path}.containers[{i}]")
        yield from restart_errors(container, f"{path}.containers[{i}]")
    yield from _unique([c.name for c in spec.containers], f"{path}.containers")
    yield from _host_ports(spec.containers, f"{path}.containers")
    if spec.initContainers:
        yield from _init_container_errors(spec, volumes, f"{path}.initContainers")


def image_errors(containers: Collection[AnyContainer] | None, path: str) -> Iterable[FieldError]:
    """Check images: a pod's must be there, a template's need not."""
    for i, container in enumerate(containers or ()):
        if not container.image:
            yield field_required(f"{path}[{i}].image")
        elif container.image != container.image.strip():
            yield field_invalid(f"{path}[{i}].image", container.image, "must not have leading or trailing whitespace")


def _init_container_errors(spec: core.PodSpec, volumes: Volumes, path: str) -> Iterable[FieldError]:
    containers = spec.initContainers or []
    regular = {container.name for container in spec.containers}
    for i, container in enumerate(containers):
        where = f"{path}[{i}]"
        yield from common_errors(spec, container, volumes, where)
        yield from restart_errors(container, where)
        if container.restartPolicy == "Always":
            yield from _probes(spec, container, where)
        else:
            yield from _run_once_errors(container, where)
        if container.name in regular:
            yield field_duplicate(f"{where}.name", container.name)
        yield from _host_ports([container], path)
    yield from _unique([c.name for c in containers], path)


def _run_once_errors(container: core.Container, path: str) -> Iterable[FieldError]:
    """Check that a container which ends before the others start has nothing that needs it to go on."""
    for name in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
        if getattr(container, name) is not None:
            why = "may not be set for init containers without restartPolicy=Always"
            yield field_forbidden(f"{path}.{name}", why)
    if container.resizePolicy:
        why = "must not be set for init containers"
        yield field_invalid(f"{path}.resizePolicy", container.resizePolicy, why)


def _unique(names: list[str], path: str) -> Iterable[FieldError]:
    if len(set(names)) < len(names):
        yield from duplicates(names, lambda i: f"{path}[{i}].name")


def common_errors(spec: core.PodSpec, container: AnyContainer, volumes: Volumes, path: str) -> Iterable[FieldError]:
    """Check what containers of every sort have in common; the spec is that of their pod."""
    yield from required_name(dns_label_errors, container.name, f"{path}.name")
    yield from one_of(container.terminationMessagePolicy, MESSAGE_POLICIES, f"{path}.terminationMessagePolicy")
    if container.ports:
        yield from _port_errors(container.ports, f"{path}.ports")
    if container.env:
        yield from env_errors(container.env, f"{path}.env", volumes)
    if container.envFrom:
        yield from env_from_errors(container.envFrom, f"{path}.envFrom")
    yield from mount_errors(container, volumes, path)
    yield from one_of(container.imagePullPolicy, PULL_POLICIES, f"{path}.imagePullPolicy")
    claims = {claim.name for claim in spec.resourceClaims or ()}
    yield from resource_errors(container.resources, f"{path}.resources", claims)
    if container.resizePolicy:
        yield from resize_policy_errors(container, spec.restartPolicy, f"{path}.resizePolicy")
    if container.securityContext is not None:
        has_host_users = spec.hostUsers is not False
        where = f"{path}.securityContext"
        yield from container_security_errors(container.securityContext, where, has_host_users=has_host_users)


def _probes(spec: core.PodSpec, container: core.Container, path: str) -> Iterable[FieldError]:
    if container.lifecycle is not None:
        yield from lifecycle_errors(container.lifecycle, spec, f"{path}.lifecycle")
    yield from liveness_errors(container.livenessProbe, f"{path}.livenessProbe")
    yield from readiness_errors(container.readinessProbe, f"{path}.readinessProbe")
    yield from liveness_errors(container.startupProbe, f"{path}.startupProbe")


def _port_errors(ports: list[core.ContainerPort], path: str) -> Iterable[FieldError]:
    for i, port in enumerate(ports):
        where = f"{path}[{i}]"
        yield from named(port_name_errors, port.name, f"{where}.name")
        if not port.containerPort:
            yield field_required(f"{where}.containerPort")
        else:
            yield from within(port.containerPort, 1, PORT_MAX, f"{where}.containerPort")
        if port.hostPort:
            yield from within(port.hostPort, 1, PORT_MAX, f"{where}.hostPort")
        yield from one_of(port.protocol, PROTOCOLS, f"{where}.protocol")
    if len(ports) > 1:
        yield from duplicates((port.name for port in ports), lambda i: f"{path}[{i}].name")


def _host_ports(containers: list[core.Container], path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, container in enumerate(containers):
        for j, port in enumerate(container.ports or ()):
            if port.hostPort:
                key = f"{port.protocol}/{port.hostIP or ''}/{port.hostPort}"
                if key in seen:
                    yield field_duplicate(f"{path}[{i}].ports[{j}].hostPort", key)
                seen.add(key)
