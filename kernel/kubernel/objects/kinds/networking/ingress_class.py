"""The kind ``IngressClass``: which controller makes Ingresses true, and with which parameters."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
)
from kubernel.objects.ingresses import object_reference_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import networking
from kubernel.objects.rules.domains import domain_path_errors
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.values import immutable

__all__ = ["INGRESS_CLASS"]

CONTROLLER_MAX = 250
CLUSTER, NAMESPACE = "Cluster", "Namespace"


def _spec(ingress_class: networking.IngressClass) -> networking.IngressClassSpec:
    return ingress_class.spec or networking.IngressClassSpec()


def _default(ingress_class: networking.IngressClass) -> None:
    parameters = _spec(ingress_class).parameters
    if parameters is not None and parameters.scope is None:
        parameters.scope = CLUSTER


def _validate(ingress_class: networking.IngressClass) -> Iterable[FieldError]:
    spec = _spec(ingress_class)
    if not spec.controller:
        yield field_required("spec.controller")
    else:
        if len(spec.controller) > CONTROLLER_MAX:
            yield field_too_long("spec.controller", CONTROLLER_MAX)
        yield from domain_path_errors(spec.controller, "spec.controller")
    if spec.parameters is not None:
        yield from object_reference_errors(spec.parameters, "spec.parameters")
        yield from _scope_errors(spec.parameters, "spec.parameters")


def _scope_errors(parameters: networking.IngressClassParametersReference, path: str) -> Iterable[FieldError]:
    if parameters.scope not in {CLUSTER, NAMESPACE}:
        yield field_not_supported(f"{path}.scope", parameters.scope, (CLUSTER, NAMESPACE))
    elif parameters.scope == CLUSTER:
        if parameters.namespace is not None:
            yield field_forbidden(f"{path}.namespace", "`parameters.scope` is set to 'Cluster'")
    elif parameters.namespace is None:
        yield field_required(f"{path}.namespace", "`parameters.scope` is set to 'Namespace'")
    else:
        for why in dns_label_errors(parameters.namespace):
            yield field_invalid(f"{path}.namespace", parameters.namespace, why)


def _validate_update(new: networking.IngressClass, old: networking.IngressClass) -> Iterable[FieldError]:
    return immutable(_spec(new).controller, _spec(old).controller, "spec.controller")


def _parameters(ingress_class: networking.IngressClass, _now: datetime) -> str:
    parameters = _spec(ingress_class).parameters
    if parameters is None:
        return NONE
    kind = f"{parameters.kind}.{parameters.apiGroup}" if parameters.apiGroup is not None else parameters.kind
    return f"{kind}/{parameters.name}"


INGRESS_CLASS = Kind(
    type=networking.IngressClass,
    group="networking.k8s.io",
    version="v1",
    name="IngressClass",
    plural="ingressclasses",
    singular="ingressclass",
    namespaced=False,
    default=_default,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Controller", lambda c, _: _spec(c).controller or "", description="Who makes its Ingresses true."),
        Column("Parameters", _parameters, description="The object that configures it."),
        AGE,
    ),
    spec_changes_generation=True,
)
