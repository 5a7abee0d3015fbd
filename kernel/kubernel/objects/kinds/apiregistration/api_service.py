"""The kind ``APIService``: one version of one group, and who serves it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import apiregistration, meta_of
from kubernel.objects.rules.names import dns_service_label_errors, dns_subdomain_errors, path_segment_errors
from kubernel.objects.rules.values import named

__all__ = ["API_SERVICE"]

Spec = apiregistration.APIServiceSpec
STATUSES = ("True", "False", "Unknown")
GROUP_PRIORITY_MAX, VERSION_PRIORITY_MAX = 20_000, 1_000
AVAILABLE, PORT = "Available", 443


def _spec(service: apiregistration.APIService) -> Spec:
    return service.spec or Spec(groupPriorityMinimum=0, versionPriority=0)


def _default(service: apiregistration.APIService) -> None:
    spec = service.spec
    if spec is not None and spec.service is not None and spec.service.port is None:
        spec.service.port = PORT
    service.status = service.status or apiregistration.APIServiceStatus()


def _prepare_create(service: apiregistration.APIService) -> None:
    """Forget what the client says of the status; what this server itself serves is there at once."""
    service.status = apiregistration.APIServiceStatus()
    if _spec(service).service is None:
        condition = apiregistration.APIServiceCondition(
            type=AVAILABLE,
            status="True",
            lastTransitionTime=datetime.now(UTC).replace(microsecond=0),
            reason="Local",
            message="Local APIServices are always available",
        )
        service.status.conditions = [condition]


def _validate(service: apiregistration.APIService) -> Iterable[FieldError]:
    spec, name = _spec(service), meta_of(service).name or ""
    group, version = spec.group or "", spec.version or ""
    if name != f"{version}.{group}" and not path_segment_errors(name):
        why = f'must be `spec.version+"."+spec.group`: "{version}.{group}"'
        yield field_invalid("metadata.name", name, why)
    if not group and version != "v1":
        yield field_required("spec.group", "only v1 may have an empty group and it better be legacy kube")
    yield from named(dns_subdomain_errors, group, "spec.group")
    yield from (field_invalid("spec.version", version, why) for why in dns_service_label_errors(version))
    for field, limit in (("groupPriorityMinimum", GROUP_PRIORITY_MAX), ("versionPriority", VERSION_PRIORITY_MAX)):
        value: int = getattr(spec, field)
        if not 0 < value <= limit:
            yield field_invalid(f"spec.{field}", value, f"must be positive and less than {limit}")
    yield from _server_errors(spec)


def _server_errors(spec: Spec) -> Iterable[FieldError]:
    if spec.service is None:
        if spec.caBundle:
            size = f"{len(spec.caBundle) // 4 * 3 - spec.caBundle[-2:].count('=')} bytes"
            yield field_invalid("spec.caBundle", size, "local APIServices may not have a caBundle")
        if spec.insecureSkipTLSVerify:
            why = "local APIServices may not have insecureSkipTLSVerify"
            yield field_invalid("spec.insecureSkipTLSVerify", True, why)
        return
    for name in ("namespace", "name"):
        if not getattr(spec.service, name):
            yield field_required(f"spec.service.{name}")
    if spec.insecureSkipTLSVerify and spec.caBundle:
        yield field_invalid("spec.insecureSkipTLSVerify", True, "may not be true if caBundle is present")


def _validate_status(new: apiregistration.APIService, _old: apiregistration.APIService) -> Iterable[FieldError]:
    for i, condition in enumerate((new.status.conditions if new.status else None) or ()):
        if condition.status not in STATUSES:
            yield field_not_supported(f"status.conditions[{i}].status", condition.status, STATUSES)


def _server(service: apiregistration.APIService, _now: datetime) -> str:
    ref = _spec(service).service
    return "Local" if ref is None else f"{ref.namespace or ''}/{ref.name or ''}"


def _available(service: apiregistration.APIService, _now: datetime) -> str:
    for condition in (service.status.conditions if service.status else None) or ():
        if condition.type == AVAILABLE:
            is_true = condition.status == "True"
            return condition.status if is_true else f"{condition.status} ({condition.reason or ''})"
    return "Unknown"


API_SERVICE = Kind(
    type=apiregistration.APIService,
    group="apiregistration.k8s.io",
    version="v1",
    name="APIService",
    plural="apiservices",
    singular="apiservice",
    namespaced=False,
    categories=("api-extensions",),
    name_errors=path_segment_errors,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Service", _server, description="The service that serves it, or Local."),
        Column("Available", _available, description="Whether it is served."),
        AGE,
    ),
    has_status=True,
)
