"""Rules of a container's environment variables and where their values come from.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateEnv``, ``ValidateEnvFrom``).
"""

import re
from collections.abc import Iterable, Mapping

from kubernel.objects.errors import FieldError, field_invalid, field_not_found, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.names import config_key_errors, dns_subdomain_errors, env_name_errors
from kubernel.objects.rules.values import relative_path, required_name

__all__ = ["env_errors", "env_from_errors", "field_reference_errors", "resource_reference_errors"]

ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
"""What a variable can show of its pod."""

_SUBSCRIPT = re.compile(r"metadata\.(labels|annotations)\['([^']+)'\]")
_CONTAINER_RESOURCES = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


def env_errors(
    variables: list[core.EnvVar] | None, path: str, volumes: Mapping[str, core.Volume | None]
) -> Iterable[FieldError]:
    """Check the variables of one container; some are read from a file in one of the pod's volumes."""
    for i, variable in enumerate(variables or ()):
        if not variable.name or env_name_errors(variable.name):
            yield from required_name(env_name_errors, variable.name, f"{path}[{i}].name")
        if variable.valueFrom is not None:
            yield from _value_from_errors(variable, f"{path}[{i}].valueFrom", volumes)


def _value_from_errors(
    variable: core.EnvVar, path: str, volumes: Mapping[str, core.Volume | None]
) -> Iterable[FieldError]:
    source = variable.valueFrom
    assert source is not None
    count = sum(getattr(source, name) is not None for name in _SOURCES)
    if count == 0:
        listed = ", ".join(f"`{name}`" for name in _SOURCES[:-1])
        yield field_invalid(path, "", f"must specify one of: {listed} or `{_SOURCES[-1]}`")
    if variable.value:
        yield field_invalid(path, "", "may not be specified when `value` is not empty")
    elif count > 1:
        yield field_invalid(path, "", "may not have more than one field specified at a time")
    if source.fieldRef:
        yield from field_reference_errors(source.fieldRef, f"{path}.fieldRef", ENV_FIELDS)
    if source.resourceFieldRef:
        yield from resource_reference_errors(source.resourceFieldRef, f"{path}.resourceFieldRef")
    for name in ("configMapKeyRef", "secretKeyRef"):
        reference: core.ConfigMapKeySelector | core.SecretKeySelector | None = getattr(source, name)
        if reference:
            yield from required_name(lambda _name: [], reference.name, f"{path}.{name}.name")
            yield from required_name(config_key_errors, reference.key, f"{path}.{name}.key")
    if source.fileKeyRef:
        yield from _file_errors(source.fileKeyRef, f"{path}.fileKeyRef", volumes)


def _file_errors(
    source: core.FileKeySelector, path: str, volumes: Mapping[str, core.Volume | None]
) -> Iterable[FieldError]:
    if not source.volumeName:
        yield field_required(f"{path}.volumeName")
    elif source.volumeName not in volumes:
        yield field_not_found(f"{path}.volumeName", source.volumeName)
    elif (volume := volumes[source.volumeName]) is None or volume.emptyDir is None:
        yield field_invalid(f"{path}.volumeName", source.volumeName, "referenced volume must be of type emptyDir")
    if not source.path:
        yield field_required(f"{path}.path")
    else:
        yield from relative_path(source.path, f"{path}.path")
    yield from required_name(env_name_errors, source.key, f"{path}.key")


def field_reference_errors(
    reference: core.ObjectFieldSelector, path: str, supported: tuple[str, ...]
) -> Iterable[FieldError]:
    """Check a reference to a field of the pod itself.

    Args:
        reference: The reference, with defaults filled in.
        path: Where it is.
        supported: The fields allowed here; single labels and annotations always are.
    """
    field = reference.fieldPath
    if not field:
        yield field_required(f"{path}.fieldPath")
    elif _SUBSCRIPT.fullmatch(field) or field in supported:
        return
    elif field in ENV_FIELDS or field in {"metadata.labels", "metadata.annotations"}:
        yield field_not_supported(f"{path}.fieldPath", field, supported)
    else:
        why = f"error converting fieldPath: field label not supported: {field}"
        yield field_invalid(f"{path}.fieldPath", field, why)


def resource_reference_errors(reference: core.ResourceFieldSelector, path: str) -> Iterable[FieldError]:
    """Check a reference to a container's limits or requests."""
    resource = reference.resource
    if not resource:
        yield field_required(f"{path}.resource")
    elif resource not in _CONTAINER_RESOURCES and not resource.startswith(("limits.hugepages-", "requests.hugepages-")):
        yield field_not_supported(f"{path}.resource", resource, _CONTAINER_RESOURCES)


def env_from_errors(sources: list[core.EnvFromSource] | None, path: str) -> Iterable[FieldError]:
    """Check the ConfigMaps and Secrets that become variables as a whole."""
    for i, source in enumerate(sources or ()):
        where = f"{path}[{i}]"
        if source.prefix:
            for why in env_name_errors(source.prefix):
                yield field_invalid(f"{where}.prefix", source.prefix, why)
        if source.configMapRef and source.secretRef:
            yield field_invalid(where, "", "may not have more than one field specified at a time")
        elif not source.configMapRef and not source.secretRef:
            yield field_invalid(where, "", "must specify one of: `configMapRef` or `secretRef`")
        if source.configMapRef:
            yield from required_name(dns_subdomain_errors, source.configMapRef.name, f"{where}.configMapRef.name")
        if source.secretRef:
            yield from required_name(dns_subdomain_errors, source.secretRef.name, f"{where}.secretRef.name")
