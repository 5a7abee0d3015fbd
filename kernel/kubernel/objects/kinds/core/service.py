"""The kind ``Service``: one address for the pods that a selector names."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE, UNKNOWN, labels_text
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.values import IMMUTABLE
from kubernel.objects.services import (
    carry_over,
    default_service,
    needs_health_check,
    reset_status,
    service_errors,
    spec_of,
    status_errors,
)
from kubernel.objects.services.addresses import address_change_errors
from kubernel.objects.services.spec import CLUSTER_IP, EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT
from kubernel.objects.services.warnings import service_warnings

__all__ = ["SERVICE"]


def _validate_update(new: core.Service, old: core.Service) -> Iterable[FieldError]:
    spec, was = spec_of(new), spec_of(old)
    yield from address_change_errors(spec, was)
    if spec.type == was.type == LOAD_BALANCER and spec.loadBalancerClass != was.loadBalancerClass:
        yield field_invalid("spec.loadBalancerClass", spec.loadBalancerClass, "may not change once set")
    if needs_health_check(spec) and needs_health_check(was) and spec.healthCheckNodePort != was.healthCheckNodePort:
        yield field_forbidden("spec.healthCheckNodePort", IMMUTABLE)


def _external(service: core.Service, _now: datetime) -> str:
    spec = spec_of(service)
    addresses = list(spec.externalIPs or ())
    if spec.type in {CLUSTER_IP, NODE_PORT}:
        return ",".join(addresses) or NONE
    if spec.type == LOAD_BALANCER:
        balancer = service.status.loadBalancer if service.status else None
        given = {point.ip or point.hostname or "" for point in (balancer.ingress if balancer else None) or ()}
        return ",".join([*sorted(given - {""}), *addresses]) or "<pending>"
    return spec.externalName or "" if spec.type == EXTERNAL_NAME else UNKNOWN


def _cluster_ip(service: core.Service, _now: datetime) -> str:
    spec = spec_of(service)
    return next(iter(spec.clusterIPs or ()), None) or spec.clusterIP or NONE


def _ports(service: core.Service, _now: datetime) -> str:
    return ",".join(map(_port, spec_of(service).ports or ())) or NONE


def _port(port: core.ServicePort) -> str:
    return f"{port.port}:{port.nodePort}/{port.protocol}" if port.nodePort else f"{port.port}/{port.protocol}"


SERVICE = Kind(
    type=core.Service,
    group="",
    version="v1",
    name="Service",
    plural="services",
    singular="service",
    namespaced=True,
    short_names=("svc",),
    categories=("all",),
    name_errors=dns_label_errors,
    default=default_service,
    prepare_create=reset_status,
    prepare_update=lambda new, old: carry_over(spec_of(new), spec_of(old)),
    validate=lambda service: service_errors(spec_of(service)),
    validate_update=_validate_update,
    warnings=service_warnings,
    validate_status=lambda new, _old: status_errors(spec_of(new), new.status),
    columns=(
        NAME,
        Column("Type", lambda s, _: spec_of(s).type, description="How the service is reached."),
        Column("Cluster-IP", _cluster_ip, description="Its address in the cluster."),
        Column("External-IP", _external, description="Its addresses from outside."),
        Column("Port(s)", _ports, description="The ports it serves."),
        AGE,
        Column("Selector", lambda s, _: labels_text(spec_of(s).selector), priority=1, description="Which pods serve."),
    ),
    selectable={
        "spec.clusterIP": lambda s: spec_of(s).clusterIP or "",
        "spec.type": lambda s: spec_of(s).type or "",
    },
    has_status=True,
    subresources=("proxy",),
    is_returned_by_deletion=True,
)
