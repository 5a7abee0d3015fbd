"""The kind ``FlowSchema``: requests that belong together, and the level that they wait in."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.flows.matching import match_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import flowcontrol, meta_of
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import repeats

__all__ = ["FLOW_SCHEMA"]

METHODS = ("ByNamespace", "ByUser")
PRECEDENCE, PRECEDENCE_MAX = 1000, 10_000
EXEMPT = "exempt"


def _default(schema: flowcontrol.FlowSchema) -> None:
    schema.spec.matchingPrecedence = schema.spec.matchingPrecedence or PRECEDENCE
    schema.status = schema.status or flowcontrol.FlowSchemaStatus()


def _prepare_create(schema: flowcontrol.FlowSchema) -> None:
    schema.status = flowcontrol.FlowSchemaStatus()


def _validate(schema: flowcontrol.FlowSchema) -> Iterable[FieldError]:
    spec = schema.spec
    yield from _precedence_errors(spec.matchingPrecedence or 0, meta_of(schema).name or "")
    method = spec.distinguisherMethod
    if method is not None and method.type not in METHODS:
        yield field_not_supported("spec.distinguisherMethod.type", method, METHODS)
    level, path = spec.priorityLevelConfiguration.name, "spec.priorityLevelConfiguration.name"
    if not level:
        yield field_required(path, "must reference a priority level")
    for why in dns_subdomain_errors(level) if level else ():
        yield field_invalid(path, level, why)
    for i, rule in enumerate(spec.rules or ()):
        yield from match_errors(rule, f"spec.rules[{i}]")
    conditions = (schema.status.conditions if schema.status else None) or ()
    for i, name, is_repeated in repeats(condition.type for condition in conditions):
        if is_repeated:
            yield field_duplicate(f"status.conditions[{i}].type", name)
        if not name:
            yield field_required(f"status.conditions[{i}].type", "must not be empty")


def _precedence_errors(precedence: int, name: str) -> Iterable[FieldError]:
    path = "spec.matchingPrecedence"
    if precedence <= 0:
        yield field_invalid(path, precedence, "must be a positive value")
    if precedence > PRECEDENCE_MAX:
        yield field_invalid(path, precedence, f"must not be greater than {PRECEDENCE_MAX}")
    if precedence == 1 and name != EXEMPT:
        yield field_invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")


def _method(schema: flowcontrol.FlowSchema, _now: datetime) -> str:
    method = schema.spec.distinguisherMethod
    return NONE if method is None else method.type


def _is_dangling(schema: flowcontrol.FlowSchema, _now: datetime) -> str:
    conditions = (schema.status.conditions if schema.status else None) or ()
    return next((condition.status or "" for condition in conditions if condition.type == "Dangling"), "?")


FLOW_SCHEMA = Kind(
    type=flowcontrol.FlowSchema,
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    name="FlowSchema",
    plural="flowschemas",
    singular="flowschema",
    namespaced=False,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    columns=(
        NAME,
        Column("PriorityLevel", lambda s, _: s.spec.priorityLevelConfiguration.name, description="Where they wait."),
        Column("MatchingPrecedence", lambda s, _: s.spec.matchingPrecedence, description="The lowest one matches."),
        Column("DistinguisherMethod", _method, description="What tells its flows apart."),
        AGE,
        Column("MissingPL", _is_dangling, description="Whether there is no such level."),
    ),
    has_status=True,
    spec_changes_generation=True,
)
