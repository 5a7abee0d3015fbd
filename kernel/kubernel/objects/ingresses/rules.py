"""The rules of an Ingress: which host and which path lead where, and which hosts have certificates.

Source: Kubernetes' ``pkg/apis/networking/validation`` (``validateIngressRules``, ``validateIngressTLS``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.ingresses.backends import backend_errors
from kubernel.objects.models import networking
from kubernel.objects.rules.domains import host_errors, not_an_address
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import named

__all__ = ["rule_errors", "tls_errors"]

PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDS = ("/..", "/.")


def rule_errors(rules: list[networking.IngressRule] | None, path: str) -> Iterable[FieldError]:
    """Check hosts and the paths of each."""
    for i, rule in enumerate(rules or ()):
        where = f"{path}[{i}]"
        if rule.host:
            yield from not_an_address(rule.host, f"{where}.host")
            yield from host_errors(rule.host, f"{where}.host")
        if rule.http is not None:
            if not rule.http.paths:
                yield field_required(f"{where}.http.paths")
            for j, led in enumerate(rule.http.paths):
                yield from _path_errors(led, f"{where}.http.paths[{j}]")


def _path_errors(led: networking.HTTPIngressPath, path: str) -> Iterable[FieldError]:
    if not led.pathType:
        yield field_required(f"{path}.pathType", "pathType must be specified")
        return
    if led.pathType not in PATH_TYPES:
        yield field_not_supported(f"{path}.pathType", led.pathType, PATH_TYPES)
    else:
        yield from _spelling_errors(led.path or "", f"{path}.path", is_free=led.pathType == "ImplementationSpecific")
    yield from backend_errors(led.backend, f"{path}.backend")


def _spelling_errors(value: str, path: str, *, is_free: bool) -> Iterable[FieldError]:
    if not value.startswith("/") and (value or not is_free):
        yield field_invalid(path, value, "must be an absolute path")
    if is_free:
        return
    for bad in _BAD_SEQUENCES:
        if bad in value:
            yield field_invalid(path, value, f"must not contain '{bad}'")
    for bad in _BAD_ENDS:
        if value.endswith(bad):
            yield field_invalid(path, value, f"cannot end with '{bad}'")


def tls_errors(certificates: list[networking.IngressTLS] | None, path: str) -> Iterable[FieldError]:
    """Check which hosts are served with which certificates."""
    for i, tls in enumerate(certificates or ()):
        for j, host in enumerate(tls.hosts or ()):
            yield from host_errors(host, f"{path}[{i}].hosts[{j}]")
        yield from named(dns_subdomain_errors, tls.secretName, f"{path}[{i}].secretName")
