"""What a persistent volume is made of: exactly one source, with what that source needs.

Sources that only one vendor serves are checked for what they cannot do without. Source: Kubernetes'
``pkg/apis/core/validation`` (``ValidatePersistentVolumeSpec``), ``pkg/apis/core/v1/defaults.go``.
"""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.storage.volumes import host_path_errors, nfs_errors
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import required_name
from kubernel.objects.volumes.drivers import driver_name_errors
from kubernel.objects.volumes.members import DEFAULTS, NEEDED, fc_errors, flocker_errors

__all__ = ["SOURCES", "default_source", "source_errors", "source_of"]

SOURCES = tuple(NEEDED)

_SECRETS = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)


def default_source(spec: core.PersistentVolumeSpec) -> None:
    """Fill in what the sources leave out, in place."""
    for name, values in DEFAULTS.items():
        source = getattr(spec, name)
        for member, value in values.items() if source is not None else ():
            if getattr(source, member) is None:
                setattr(source, member, value)


def source_of(spec: core.PersistentVolumeSpec) -> dict[str, Any]:
    """Return the sources that are given, by name: a right volume has one."""
    return {name: source for name in SOURCES if (source := getattr(spec, name)) is not None}


def source_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    """Check that there is one source and that it has what it needs."""
    found = source_of(spec)
    if not found:
        yield field_required(path, "must specify a volume type")
    for i, (name, source) in enumerate(found.items()):
        where = f"{path}.{name}"
        if i:
            yield field_forbidden(where, "may not specify more than 1 volume type")
            continue
        yield from (field_required(f"{where}.{member}") for member in NEEDED[name] if not getattr(source, member))
        if (check := _CHECKS.get(name)) is not None:
            yield from check(source, where)


def _local(source: core.LocalVolumeSource, path: str) -> Iterable[FieldError]:
    if ".." in source.path.split("/"):
        yield field_invalid(f"{path}.path", source.path, "must not contain '..'")


def _csi(source: core.CSIPersistentVolumeSource, path: str) -> Iterable[FieldError]:
    yield from driver_name_errors(source.driver, f"{path}.driver")
    if not source.volumeHandle:
        yield field_required(f"{path}.volumeHandle")
    for name in _SECRETS:
        secret: core.SecretReference | None = getattr(source, name)
        if secret is not None:
            yield from required_name(dns_subdomain_errors, secret.name, f"{path}.{name}.name")
            yield from required_name(dns_label_errors, secret.namespace, f"{path}.{name}.namespace")


_CHECKS: dict[str, Callable[[Any, str], Iterable[FieldError]]] = {
    "csi": _csi,
    "fc": fc_errors,
    "flocker": flocker_errors,
    "hostPath": host_path_errors,
    "local": _local,
    "nfs": nfs_errors,
}
