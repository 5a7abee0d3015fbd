"""The kind ``RuntimeClass``: a way of running containers that some nodes have."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_duplicate, field_invalid
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import node
from kubernel.objects.pods.placement.scheduling import toleration_errors
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.rules.labels import label_errors
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.resource_names import container_resource_name_errors, quantity_errors
from kubernel.objects.rules.values import immutable, repeats
from kubernel.objects.warnings import deprecation_of

__all__ = ["RUNTIME_CLASS"]


def _default(runtime_class: node.RuntimeClass) -> None:
    if runtime_class.overhead is not None:
        canonicalise(runtime_class.overhead.podFixed)


def _validate(runtime_class: node.RuntimeClass) -> Iterable[FieldError]:
    for why in dns_label_errors(runtime_class.handler):
        yield field_invalid("handler", runtime_class.handler, why)
    overhead = (runtime_class.overhead.podFixed if runtime_class.overhead else None) or {}
    for name, amount in overhead.items():
        path = f"overhead.podFixed[{name}]"
        yield from container_resource_name_errors(name, path)
        yield from quantity_errors(name, amount, path)
    if runtime_class.scheduling is not None:
        yield from _scheduling_errors(runtime_class.scheduling, "scheduling")


def _scheduling_errors(scheduling: node.Scheduling, path: str) -> Iterable[FieldError]:
    yield from label_errors(scheduling.nodeSelector, f"{path}.nodeSelector")
    tolerations = scheduling.tolerations or []
    yield from toleration_errors(tolerations, f"{path}.tolerations")
    for i, toleration, is_repeated in repeats(tolerations):
        if is_repeated:
            yield field_duplicate(f"{path}.tolerations[{i}]", toleration)


def _warnings(new: node.RuntimeClass, _old: node.RuntimeClass | None) -> Iterable[str]:
    for label in (new.scheduling.nodeSelector if new.scheduling else None) or ():
        if why := deprecation_of(label):
            yield f"scheduling.nodeSelector: {why}"


RUNTIME_CLASS = Kind(
    type=node.RuntimeClass,
    group="node.k8s.io",
    version="v1",
    name="RuntimeClass",
    plural="runtimeclasses",
    singular="runtimeclass",
    namespaced=False,
    default=_default,
    validate=_validate,
    warnings=_warnings,
    validate_update=lambda new, old: immutable(new.handler, old.handler, "handler"),
    columns=(NAME, Column("Handler", lambda c, _: c.handler, description="What the runtime calls it."), AGE),
)
