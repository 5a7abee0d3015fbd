"""Rules of containers: names, images, ports, mounts, and what kinds of container may have.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateContainers``, ``validateInitContainers``).
"""

from collections.abc import Collection, Iterable, Sequence

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_found,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.pods.environment import env_errors, env_from_errors
from kubernel.objects.pods.probes import lifecycle_errors, liveness_errors, probe_errors
from kubernel.objects.pods.resources import resource_errors
from kubernel.objects.pods.security import container_security_errors
from kubernel.objects.rules.names import dns_label_errors, port_name_errors
from kubernel.objects.rules.values import duplicates, named, one_of, relative_path, required_name, within

__all__ = ["PROTOCOLS", "common_errors", "container_errors", "image_errors"]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("FallbackToLogsOnError", "File")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
PROPAGATION = ("Bidirectional", "HostToContainer", "None")
PORT_MAX = 65535


def container_errors(spec: core.PodSpec, volumes: Collection[str], path: str) -> Iterable[FieldError]:
    """Check all containers of a spec.

    Args:
        spec: The spec, with defaults filled in.
        volumes: The names of its volumes.
        path: Where the spec is: ``spec`` or ``spec.template.spec``.
    """
    if not spec.containers:
        yield field_required(f"{path}.containers")
    for i, container in enumerate(spec.containers):
        yield from common_errors(container, volumes, f"{path}.containers[{i}]")
        yield from _probes(container, f"{path}.containers[{i}]")
    yield from _unique([c.name for c in spec.containers], f"{path}.containers")
    yield from _host_ports(spec.containers, f"{path}.containers", on_host=bool(spec.hostNetwork))
    if spec.initContainers:
        yield from _init_container_errors(spec, volumes, f"{path}.initContainers")


def image_errors(
    containers: Sequence[core.Container | core.EphemeralContainer] | None, path: str
) -> Iterable[FieldError]:
    """Check images: a pod's must be there, a template's need not."""
    for i, container in enumerate(containers or ()):
        if not container.image:
            yield field_required(f"{path}[{i}].image")
        elif container.image != container.image.strip():
            yield field_invalid(f"{path}[{i}].image", container.image, "must not have leading or trailing whitespace")


def _init_container_errors(spec: core.PodSpec, volumes: Collection[str], path: str) -> Iterable[FieldError]:
    containers = spec.initContainers or []
    regular = {container.name for container in spec.containers}
    for i, container in enumerate(containers):
        where = f"{path}[{i}]"
        yield from common_errors(container, volumes, where)
        if container.restartPolicy == "Always":
            yield from _probes(container, where)
        else:
            for name in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
                if getattr(container, name) is not None:
                    why = "may not be set for init containers without restartPolicy=Always"
                    yield field_forbidden(f"{where}.{name}", why)
        if container.name in regular:
            yield field_duplicate(f"{where}.name", container.name)
    yield from _unique([c.name for c in containers], path)
    yield from _host_ports(containers, path, on_host=bool(spec.hostNetwork))


def _unique(names: list[str], path: str) -> Iterable[FieldError]:
    if len(set(names)) < len(names):
        yield from duplicates(names, lambda i: f"{path}[{i}].name")


def common_errors(
    container: core.Container | core.EphemeralContainer, volumes: Collection[str], path: str
) -> Iterable[FieldError]:
    """Check what containers of every sort have in common."""
    yield from required_name(dns_label_errors, container.name, f"{path}.name")
    yield from one_of(container.terminationMessagePolicy, MESSAGE_POLICIES, f"{path}.terminationMessagePolicy")
    yield from one_of(container.imagePullPolicy, PULL_POLICIES, f"{path}.imagePullPolicy")
    if container.ports:
        yield from _port_errors(container.ports, f"{path}.ports")
    if container.env:
        yield from env_errors(container.env, f"{path}.env")
    if container.envFrom:
        yield from env_from_errors(container.envFrom, f"{path}.envFrom")
    if container.volumeMounts:
        yield from _mount_errors(container.volumeMounts, volumes, f"{path}.volumeMounts")
    yield from resource_errors(container.resources, f"{path}.resources")
    if container.restartPolicy is not None:
        yield from one_of(container.restartPolicy, RESTART_POLICIES, f"{path}.restartPolicy")
    if container.securityContext is not None:
        yield from container_security_errors(container.securityContext, f"{path}.securityContext")


def _probes(container: core.Container, path: str) -> Iterable[FieldError]:
    yield from lifecycle_errors(container.lifecycle, f"{path}.lifecycle")
    yield from liveness_errors(container.livenessProbe, f"{path}.livenessProbe")
    yield from probe_errors(container.readinessProbe, f"{path}.readinessProbe")
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


def _host_ports(containers: list[core.Container], path: str, *, on_host: bool) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, container in enumerate(containers):
        for j, port in enumerate(container.ports or ()):
            if not port.hostPort:
                continue
            where = f"{path}[{i}].ports[{j}]"
            if on_host and port.hostPort != port.containerPort:
                why = "must match `hostPort` when `hostNetwork` is true"
                yield field_invalid(f"{where}.containerPort", port.containerPort, why)
            key = f"{port.protocol}/{port.hostIP or ''}/{port.hostPort}"
            if key in seen:
                yield field_duplicate(f"{where}.hostPort", key)
            seen.add(key)


def _mount_errors(mounts: list[core.VolumeMount], volumes: Collection[str], path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, mount in enumerate(mounts):
        where = f"{path}[{i}]"
        if not mount.name:
            yield field_required(f"{where}.name")
        elif mount.name not in volumes:
            yield field_not_found(f"{where}.name", mount.name)
        if not mount.mountPath:
            yield field_required(f"{where}.mountPath")
        elif mount.mountPath in seen:
            yield field_invalid(f"{where}.mountPath", mount.mountPath, "must be unique")
        seen.add(mount.mountPath)
        if mount.subPath and mount.subPathExpr:
            why = "subPathExpr and subPath are mutually exclusive"
            yield field_invalid(f"{where}.subPathExpr", mount.subPathExpr, why)
        for name in ("subPath", "subPathExpr"):
            if value := getattr(mount, name):
                yield from relative_path(value, f"{where}.{name}")
        if mount.mountPropagation is not None:
            yield from one_of(mount.mountPropagation, PROPAGATION, f"{where}.mountPropagation")
