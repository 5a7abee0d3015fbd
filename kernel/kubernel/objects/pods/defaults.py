"""Defaults of a pod's spec, exactly as Kubernetes fills them in.

Clients rely on them (kubectl 1.37 crashes without ``securityContext``). Every function changes its argument in place
and changes nothing the second time. Source: Kubernetes' ``pkg/apis/core/v1/defaults.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubernel.objects.models import core
from kubernel.objects.pods.resources import canonicalise, default_requests
from kubernel.objects.pods.storage.claims import default_claim_spec
from kubernel.objects.pods.together import default_pod_requests
from kubernel.objects.volumes.members import DEFAULTS

__all__ = ["default_pod", "default_pod_spec", "pull_policy"]

GRACE_S = 30
FILE_MODE = 0o644
TOKEN_S = 3600
CERTIFICATE_S = 86400

AnyContainer = core.Container | core.EphemeralContainer


def default_pod(spec: core.PodSpec) -> None:
    """Fill in a pod's own spec: what a template has, and what only a pod has."""
    default_pod_spec(spec)
    if spec.enableServiceLinks is None:
        spec.enableServiceLinks = True
    for container in (*spec.containers, *(spec.initContainers or ())):
        if container.resources is not None:
            default_requests(container.resources)
        for port in container.ports or () if spec.hostNetwork else ():
            port.hostPort = port.hostPort or port.containerPort
    if spec.resources is not None:
        default_pod_requests(spec)


def default_pod_spec(spec: core.PodSpec) -> None:
    """Fill in the spec of a pod or of a template."""
    spec.restartPolicy = spec.restartPolicy or "Always"
    spec.dnsPolicy = spec.dnsPolicy or "ClusterFirst"
    spec.schedulerName = spec.schedulerName or "default-scheduler"
    if spec.terminationGracePeriodSeconds is None:
        spec.terminationGracePeriodSeconds = GRACE_S
    if spec.securityContext is None:
        spec.securityContext = core.PodSecurityContext()
    if spec.serviceAccountName or spec.serviceAccount:
        # The older of the two names is still written by clients and read by others.
        spec.serviceAccountName = spec.serviceAccountName or spec.serviceAccount
        spec.serviceAccount = spec.serviceAccountName
    if spec.overhead:
        canonicalise(spec.overhead)
    if spec.resources is not None:
        canonicalise(spec.resources.limits)
        canonicalise(spec.resources.requests)
    for container in _containers(spec):
        _default_container(container)
    for volume in spec.volumes or ():
        _default_volume(volume)


def _containers(spec: core.PodSpec) -> Iterator[AnyContainer]:
    yield from spec.containers
    if spec.initContainers:
        yield from spec.initContainers
    if spec.ephemeralContainers:
        yield from spec.ephemeralContainers


def _default_container(container: AnyContainer) -> None:
    container.terminationMessagePath = container.terminationMessagePath or "/dev/termination-log"
    container.terminationMessagePolicy = container.terminationMessagePolicy or "File"
    container.imagePullPolicy = container.imagePullPolicy or pull_policy(container.image or "")
    if container.resources is None:
        container.resources = core.ResourceRequirements()
    else:
        canonicalise(container.resources.limits)
        canonicalise(container.resources.requests)
    for port in container.ports or ():
        port.protocol = port.protocol or "TCP"
    for variable in container.env or ():
        if variable.valueFrom is not None:
            _default_references(variable.valueFrom.fieldRef, variable.valueFrom.resourceFieldRef)
            if variable.valueFrom.fileKeyRef is not None:
                variable.valueFrom.fileKeyRef.optional = bool(variable.valueFrom.fileKeyRef.optional)
    for probe in (container.livenessProbe, container.readinessProbe, container.startupProbe):
        if probe is not None:
            _default_probe(probe)
    if container.lifecycle is not None:
        for handler in (container.lifecycle.postStart, container.lifecycle.preStop):
            if handler is not None and handler.httpGet is not None:
                _default_http_get(handler.httpGet)


def pull_policy(image: str) -> str:
    """Return ``Always`` for an image whose tag is ``latest``, said or implied, else ``IfNotPresent``."""
    path, _, digest = image.partition("@")
    # A colon before the last slash belongs to the registry's port.
    _, colon, tag = path.rpartition("/")[2].partition(":")
    if colon:
        return "Always" if tag == "latest" else "IfNotPresent"
    return "IfNotPresent" if digest else "Always"


def _default_references(field: core.ObjectFieldSelector | None, resource: core.ResourceFieldSelector | None) -> None:
    if field is not None:
        field.apiVersion = field.apiVersion or "v1"
    if resource is not None:
        resource.divisor = resource.divisor or "0"


def _default_probe(probe: core.Probe) -> None:
    probe.timeoutSeconds = probe.timeoutSeconds or 1
    probe.periodSeconds = probe.periodSeconds or 10
    probe.successThreshold = probe.successThreshold or 1
    probe.failureThreshold = probe.failureThreshold or 3
    if probe.httpGet is not None:
        _default_http_get(probe.httpGet)
    if probe.grpc is not None and probe.grpc.service is None:
        probe.grpc.service = ""


def _default_http_get(action: core.HTTPGetAction) -> None:
    action.path = action.path or "/"
    action.scheme = action.scheme or "HTTP"


def _default_volume(volume: core.Volume) -> None:
    found = next((name for name in VOLUME_SOURCES if getattr(volume, name) is not None), None)
    if found is None:
        volume.emptyDir = core.EmptyDirVolumeSource()
    elif found in DEFAULTS:
        _default_storage(getattr(volume, found), DEFAULTS[found])
    for source in (volume.secret, volume.configMap, volume.downwardAPI, volume.projected):
        if source is not None and source.defaultMode is None:
            source.defaultMode = FILE_MODE
    if volume.image is not None and not volume.image.pullPolicy:
        volume.image.pullPolicy = pull_policy(volume.image.reference or "")
    if volume.ephemeral is not None and volume.ephemeral.volumeClaimTemplate is not None:
        default_claim_spec(volume.ephemeral.volumeClaimTemplate.spec)
    if volume.downwardAPI is not None:
        for item in volume.downwardAPI.items or ():
            _default_references(item.fieldRef, item.resourceFieldRef)
    if volume.projected is not None:
        for projection in volume.projected.sources or ():
            _default_projection(projection)


def _default_storage(source: Any, values: Mapping[str, Any]) -> None:  # noqa: ANN401 - one of many models
    """Fill in what a sort of storage leaves out."""
    for member, value in values.items():
        if getattr(source, member) is None:
            setattr(source, member, value)


def _default_projection(projection: core.VolumeProjection) -> None:
    token = projection.serviceAccountToken
    if token is not None and token.expirationSeconds is None:
        token.expirationSeconds = TOKEN_S
    certificate = projection.podCertificate
    if certificate is not None and certificate.maxExpirationSeconds is None:
        certificate.maxExpirationSeconds = CERTIFICATE_S
    if projection.downwardAPI is not None:
        for item in projection.downwardAPI.items or ():
            _default_references(item.fieldRef, item.resourceFieldRef)


_COMMON_SOURCES = ("emptyDir", "configMap", "secret", "projected", "hostPath", "persistentVolumeClaim")
VOLUME_SOURCES = (
    *_COMMON_SOURCES,
    *(name for name in core.Volume.__struct_fields__ if name != "name" and name not in _COMMON_SOURCES),
)
"""Every kind of volume, the common ones first; exactly one of these fields is set in a volume."""
