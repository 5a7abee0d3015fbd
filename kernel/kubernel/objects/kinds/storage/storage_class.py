"""The kind ``StorageClass``: a sort of volume, and who makes volumes of it."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core, storage
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import duplicates, immutable, one_of
from kubernel.objects.volumes.columns import default_name
from kubernel.objects.volumes.drivers import parameter_errors, provisioner_errors
from kubernel.objects.warnings import deprecation_of

__all__ = ["STORAGE_CLASS"]

RECLAIM_POLICIES = ("Delete", "Retain")
BINDING_MODES = ("Immediate", "WaitForFirstConsumer")
DEFAULT = "storageclass.kubernetes.io/is-default-class"
DEFAULT_BETA = "storageclass.beta.kubernetes.io/is-default-class"


def _default(cls: storage.StorageClass) -> None:
    cls.reclaimPolicy = cls.reclaimPolicy or "Delete"
    cls.volumeBindingMode = cls.volumeBindingMode or "Immediate"


def _validate(cls: storage.StorageClass) -> Iterable[FieldError]:
    yield from provisioner_errors(cls.provisioner, "provisioner")
    yield from parameter_errors(cls.parameters, "parameters", may_be_empty=True)
    if cls.reclaimPolicy not in RECLAIM_POLICIES:
        yield field_not_supported("reclaimPolicy", cls.reclaimPolicy, RECLAIM_POLICIES)
    yield from one_of(cls.volumeBindingMode, BINDING_MODES, "volumeBindingMode")
    yield from _topology_errors(cls.allowedTopologies or [], "allowedTopologies")


def _topology_errors(terms: list[core.TopologySelectorTerm], path: str) -> Iterable[FieldError]:
    seen: set[frozenset[tuple[str, frozenset[str]]]] = set()
    for i, term in enumerate(terms):
        where, keys = f"{path}[{i}].matchLabelExpressions", dict[str, frozenset[str]]()
        for j, expression in enumerate(term.matchLabelExpressions or ()):
            yield from _expression_errors(expression, f"{where}[{j}]")
            if expression.key in keys:
                yield field_duplicate(f"{where}[{j}].key", expression.key)
            keys[expression.key] = frozenset(expression.values)
        if (meant := frozenset(keys.items())) in seen:
            yield field_duplicate(where, "")
        seen.add(meant)


def _expression_errors(expression: core.TopologySelectorLabelRequirement, path: str) -> Iterable[FieldError]:
    values = expression.values
    if not values:
        yield field_required(f"{path}.values")
    yield from duplicates(values, lambda i: f"{path}.values[{i}]")
    yield from (field_invalid(f"{path}.key", expression.key, why) for why in label_key_errors(expression.key))


def _validate_update(new: storage.StorageClass, old: storage.StorageClass) -> Iterable[FieldError]:
    for name in ("parameters", "provisioner", "reclaimPolicy"):
        if (getattr(new, name) or None) != (getattr(old, name) or None):
            yield field_forbidden(name, f"updates to {name} are forbidden.")
    yield from immutable(new.volumeBindingMode, old.volumeBindingMode, "volumeBindingMode")


def _warnings(new: storage.StorageClass, _old: storage.StorageClass | None) -> Iterable[str]:
    for i, term in enumerate(new.allowedTopologies or ()):
        for j, expression in enumerate(term.matchLabelExpressions or ()):
            if why := deprecation_of(expression.key):
                yield f"allowedTopologies[{i}].matchLabelExpressions[{j}]: {why}"


STORAGE_CLASS = Kind(
    type=storage.StorageClass,
    group="storage.k8s.io",
    version="v1",
    name="StorageClass",
    plural="storageclasses",
    singular="storageclass",
    namespaced=False,
    short_names=("sc",),
    default=_default,
    validate=_validate,
    validate_update=_validate_update,
    warnings=_warnings,
    columns=(
        default_name(DEFAULT, DEFAULT_BETA),
        Column("Provisioner", lambda c, _: c.provisioner, description="Who makes its volumes."),
        Column(
            "ReclaimPolicy",
            lambda c, _: c.reclaimPolicy or "Delete",
            description="What becomes of its volumes.",
        ),
        Column(
            "VolumeBindingMode",
            lambda c, _: c.volumeBindingMode or "Immediate",
            description="When a volume is made for a claim.",
        ),
        Column(
            "AllowVolumeExpansion",
            lambda c, _: bool(c.allowVolumeExpansion),
            description="Whether its volumes can grow.",
        ),
        AGE,
    ),
)
