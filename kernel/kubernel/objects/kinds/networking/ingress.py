"""The kind ``Ingress``: which hosts and paths, asked for from outside, lead to which services."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE, SHOWN
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.ingresses import backend_errors, rule_errors, tls_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import meta_of, networking
from kubernel.objects.rules.addresses import ip_errors
from kubernel.objects.rules.domains import not_an_address
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import named

__all__ = ["INGRESS", "INGRESS_CLASS_ANNOTATION"]

INGRESS_CLASS_ANNOTATION = "kubernetes.io/ingress.class"


def _spec(ingress: networking.Ingress) -> networking.IngressSpec:
    return ingress.spec or networking.IngressSpec()


def _default(ingress: networking.Ingress) -> None:
    ingress.spec = _spec(ingress)
    if ingress.status is None:
        ingress.status = networking.IngressStatus(loadBalancer=networking.IngressLoadBalancerStatus())


def _prepare_create(ingress: networking.Ingress) -> None:
    ingress.status = networking.IngressStatus(loadBalancer=networking.IngressLoadBalancerStatus())


def _validate(ingress: networking.Ingress) -> Iterable[FieldError]:
    spec = _spec(ingress)
    if not spec.rules and spec.defaultBackend is None:
        yield field_invalid("spec", spec.rules, "either `defaultBackend` or `rules` must be specified")
    if spec.defaultBackend is not None:
        yield from backend_errors(spec.defaultBackend, "spec.defaultBackend")
    yield from rule_errors(spec.rules, "spec.rules")
    yield from tls_errors(spec.tls, "spec.tls")
    yield from named(dns_subdomain_errors, spec.ingressClassName, "spec.ingressClassName")
    for i, point in enumerate(_points(ingress)):
        path = f"status.loadBalancer.ingress[{i}]"
        if point.ip:
            yield from ip_errors(point.ip, f"{path}.ip")
        if point.hostname:
            yield from named(dns_subdomain_errors, point.hostname, f"{path}.hostname")
            yield from not_an_address(point.hostname, f"{path}.hostname")


def _validate_create(ingress: networking.Ingress) -> Iterable[FieldError]:
    annotations: dict[str, str] = meta_of(ingress).annotations or {}
    said, spec = annotations.get(INGRESS_CLASS_ANNOTATION), _spec(ingress)
    if said is not None and spec.ingressClassName is not None and said != spec.ingressClassName:
        why = "must match `ingressClassName` when both are specified"
        yield field_invalid(f"annotations.{INGRESS_CLASS_ANNOTATION}", said, why)


def _points(ingress: networking.Ingress) -> list[networking.IngressLoadBalancerIngress]:
    balancer = ingress.status.loadBalancer if ingress.status else None
    return (balancer.ingress if balancer else None) or []


def _hosts(ingress: networking.Ingress, _now: datetime) -> str:
    rules = _spec(ingress).rules or []
    hosts = [rule.host for rule in rules if rule.host]
    shown = ",".join(hosts[:SHOWN]) or "*"
    return f"{shown} + {len(rules) - SHOWN} more..." if len(hosts) > SHOWN else shown


def _address(ingress: networking.Ingress, _now: datetime) -> str:
    return ",".join(sorted({point.ip or point.hostname or "" for point in _points(ingress)} - {""}))


def _warnings(new: networking.Ingress, _old: networking.Ingress | None) -> Iterable[str]:
    if INGRESS_CLASS_ANNOTATION in (meta_of(new).annotations or {}):
        yield f"annotation \"{INGRESS_CLASS_ANNOTATION}\" is deprecated, please use 'spec.ingressClassName' instead"


INGRESS = Kind(
    type=networking.Ingress,
    group="networking.k8s.io",
    version="v1",
    name="Ingress",
    plural="ingresses",
    singular="ingress",
    namespaced=True,
    short_names=("ing",),
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_create=_validate_create,
    warnings=_warnings,
    columns=(
        NAME,
        Column("Class", lambda i, _: _spec(i).ingressClassName or NONE, description="The class that serves it."),
        Column("Hosts", _hosts, description="The hosts that its rules are for."),
        Column("Address", _address, description="Where it can be reached."),
        Column("Ports", lambda i, _: "80, 443" if _spec(i).tls else "80", description="The ports it is served on."),
        AGE,
    ),
    has_status=True,
    spec_changes_generation=True,
)
