"""Which lists of which types a strategic patch merges, and by which key: Kubernetes' patch strategies as data.

The generated models do not carry them (they are ``patchStrategy`` and ``patchMergeKey`` in the OpenAPI document). A
list that is not here is replaced whole. The API's own OpenAPI document is made from this table too.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from kubernel.objects.models import core, meta

__all__ = ["FieldShape", "Strategy", "field_shape", "field_strategy", "merge_key"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a patch merges a list.

    Attributes:
        merge_key: The member that tells elements apart; ``None`` for lists of plain values.
        retain_keys: Whether an element's keys that the patch does not name may be dropped (``$retainKeys``).
    """

    merge_key: str | None
    retain_keys: bool = False

    @property
    def strategy(self) -> str:
        """The strategy as OpenAPI has it: ``merge`` or ``merge,retainKeys``."""
        return "merge,retainKeys" if self.retain_keys else "merge"


_BY_NAME = Strategy("name")
_BY_TYPE = Strategy("type")
_VALUES = Strategy(None)

_CONTAINER = {
    "env": _BY_NAME,
    "ports": Strategy("containerPort"),
    "volumeDevices": Strategy("devicePath"),
    "volumeMounts": Strategy("mountPath"),
}

_STRATEGIES: dict[type, dict[str, Strategy]] = {
    meta.ObjectMeta: {"finalizers": _VALUES, "ownerReferences": Strategy("uid")},
    core.Container: _CONTAINER,
    core.EphemeralContainer: _CONTAINER,
    core.PodSpec: {
        "containers": _BY_NAME,
        "ephemeralContainers": _BY_NAME,
        "hostAliases": Strategy("ip"),
        "imagePullSecrets": _BY_NAME,
        "initContainers": _BY_NAME,
        "resourceClaims": Strategy("name", retain_keys=True),
        "schedulingGates": _BY_NAME,
        "topologySpreadConstraints": Strategy("topologyKey"),
        "volumes": Strategy("name", retain_keys=True),
    },
    core.PodStatus: {
        "conditions": _BY_TYPE,
        "hostIPs": Strategy("ip"),
        "podIPs": Strategy("ip"),
        "resourceClaimStatuses": Strategy("name", retain_keys=True),
    },
    core.NamespaceStatus: {"conditions": _BY_TYPE},
    core.NodeSpec: {"podCIDRs": _VALUES},
    core.NodeStatus: {"addresses": _BY_TYPE, "conditions": _BY_TYPE},
    core.ReplicationControllerStatus: {"conditions": _BY_TYPE},
    core.ServiceAccount: {"secrets": _BY_NAME},
    core.ServiceSpec: {"ports": Strategy("port")},
    core.ServiceStatus: {"conditions": _BY_TYPE},
}


def field_strategy(struct: type, field: str) -> Strategy | None:
    """Return how a patch merges this list; ``None`` when it replaces it (and for what is no list)."""
    return _STRATEGIES.get(struct, {}).get(field)


def merge_key(struct: type, field: str) -> str | None:
    """Return the key by which a patch merges this list of objects, or ``None``."""
    found = field_strategy(struct, field)
    return found.merge_key if found else None


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What is below a field: the Struct of its value or of its elements, or ``None`` for anything untyped."""

    struct: type | None
    is_list: bool


_UNTYPED = FieldShape(None, is_list=False)


def field_shape(struct: type | None, field: str) -> FieldShape:
    """Return the shape of a field; below an untyped value all is untyped."""
    return _shapes(struct).get(field, _UNTYPED) if struct is not None else _UNTYPED


@lru_cache(maxsize=1024)
def _shapes(struct: type) -> dict[str, FieldShape]:
    return {field.encode_name: _shape(field.type) for field in msgspec.structs.fields(struct)}


def _shape(annotation: Any) -> FieldShape:  # noqa: ANN401 - a type as written
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        present = [argument for argument in get_args(annotation) if argument is not type(None)]
        return _shape(present[0]) if len(present) == 1 else _UNTYPED
    if origin is list:
        return FieldShape(_shape(get_args(annotation)[0]).struct, is_list=True)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return FieldShape(annotation, is_list=False)
    return _UNTYPED
