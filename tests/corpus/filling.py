"""Objects as full as their rules allow, made of the published types alone.

A kind's sample (the least that it needs) is grown field by field: each field that the type has and the object lacks is
given a value, and kept when the kind's own rules accept the object with it. So every rule has a say, nobody lists
fields by hand, and a new field of the next release is tried by itself.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.lifecycle import prepare_new
from kubernel.objects.models import Plain
from kubernel.objects.published import Field, fields_of, name_of

from tests.objects.kind_samples import SAMPLES

__all__ = ["filled"]

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MOMENT = "2026-11-25T10:00:00Z"
DEPTH = 9
# Tried in this order: most texts are names, addresses, paths or quantities of some sort.
_TEXTS = (
    "web",
    "example.com/web",
    "/web",
    "v1",
    "127.0.0.1",
    "127.0.0.0/24",
    "https://example.com/web",
    "web.example.com",
    "1",
    "True",
    "Web",
    "* * * * *",
    "Etc/UTC",
    "web=gold",
    "true",
    "Pods",
    "s0:c1,c2",
    "500m",
)
_VALUES: dict[str, tuple[Any, ...]] = {
    "string": _TEXTS,
    "bytes": ("eA==",),
    "bool": (True, False),
    "int32": (1, 2, 80, 0, 100, 30_000),
    "int64": (1, 0, 1000),
    "double": (0.5,),
    "quantity": ("1", "1Gi"),
    "intorstring": (1, "50%", "web"),
    "time": (MOMENT,),
    "microtime": ("2026-11-25T10:00:00.000001Z",),
    "duration": ("1m0s",),
    "raw": ({"a": 1},),
    "json": ({"a": 1}, "a"),
    "fields": ({"f:a": {}},),
}
_KEYS = ("web", "cpu", "storage", "memory", "example.com/web")
# What only the server writes, or who is asked by the server's own parts.
_NOT_OURS = frozenset(
    {
        ("meta_v1.ObjectMeta", name)
        for name in (
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields",
            "generateName",
            "ownerReferences",
            "finalizers",
        )
    }
) | {
    ("core_v1.Secret", "stringData"),  # it is written as `data` and never read
    ("core_v1.ServiceSpec", "clusterIP"),  # from the cluster's own range
    ("core_v1.ServiceSpec", "clusterIPs"),
    ("core_v1.PodSpec", "priorityClassName"),  # the class must be there
    ("core_v1.PodSpec", "priority"),
    ("core_v1.PodSpec", "preemptionPolicy"),
    ("core_v1.PodSpec", "serviceAccountName"),  # the account must be there
    ("core_v1.PodSpec", "serviceAccount"),
    ("core_v1.NodeSpec", "podCIDRs"),  # mirrors podCIDR
}


def filled(kind: Kind[Any]) -> Plain:
    """Return a full object of a kind, as a client would send it."""
    obj: Plain = {"apiVersion": kind.api_version, "kind": kind.name, **deepcopy(SAMPLES.get(kind.resource, {}))}
    obj.setdefault("metadata", {}).setdefault("name", f"filled-{kind.group.partition('.')[0] or 'core'}-{kind.version}")
    if kind.namespaced:
        obj["metadata"]["namespace"] = "default"
    grown = _Growth(kind, obj)
    assert grown.is_accepted(), f"the sample of {kind.name} is not accepted: {grown.refusal}"
    grown.grow(obj, name_of(kind.type), ())
    return obj


class _Growth:
    """Grows one object; asks the kind's rules after every step."""

    def __init__(self, kind: Kind[Any], obj: Plain) -> None:
        self._kind = kind
        self._obj = obj
        self.refusal: Exception | None = None

    def is_accepted(self) -> bool:
        """Whether the object may be created as it is now."""
        try:
            obj, unknown = codec.from_plain(self._kind, deepcopy(self._obj), find_unknown=True)
            if unknown:
                return False
            prepare_new(self._kind, obj, namespace="default" if self._kind.namespaced else None, now=NOW)
        except StatusError as error:
            self.refusal = error
            return False
        return True

    def grow(self, value: Plain, message: str, within: tuple[str, ...]) -> None:
        """Give an object within the whole every field that is accepted.

        Args:
            value: The object.
            message: Its type.
            within: The types around it; one that contains itself (a schema) is not grown again.
        """
        depth = DEPTH - len(within)
        for name, field in fields_of(message).items():
            if (message, name) in _NOT_OURS or name in ("apiVersion", "kind", "status"):
                continue
            if name not in value and not self._add(value, name, field, depth):
                continue
            self._grow_into(value[name], field, (*within, message))

    def _grow_into(self, value: Any, field: Field, within: tuple[str, ...]) -> None:
        if field.element in within or len(within) >= DEPTH or not fields_of(field.element):
            return
        parts = value if isinstance(value, list) else value.values() if field.is_map else [value]
        for part in parts:
            if isinstance(part, dict):
                self.grow(part, field.element, within)

    def _add(self, value: Plain, name: str, field: Field, depth: int) -> bool:
        for candidate in _candidates(field, depth):
            value[name] = candidate
            if self.is_accepted():
                return True
        value.pop(name, None)
        return False


def _candidates(field: Field, depth: int) -> Iterator[Any]:
    for value in _values(field, depth):
        if field.is_list:
            yield [value]
        elif field.is_map:
            yield from ({key: value} for key in _KEYS)
        else:
            yield value


def _values(field: Field, depth: int) -> Iterator[Any]:
    """Yield values of a field's element, likely ones first."""
    if field.enum:
        yield from field.enum
    elif field.element in _VALUES:
        yield from _VALUES[field.element]
    elif depth > 0:
        bare = _bare(field.element, depth - 1)
        yield bare
        # Many objects are unions: they need one of their members, whichever it is.
        for name, member in fields_of(field.element).items():
            if name not in bare:
                for value in _values(member, depth - 3):
                    yield {**bare, name: [value] if member.is_list else {"web": value} if member.is_map else value}
                    break


def _bare(message: str, depth: int) -> Plain:
    """Return an object with what its type must have, and nothing else."""
    return {
        name: next(_candidates(field, depth), {})
        for name, field in fields_of(message).items()
        if field.is_required and depth > 0
    }
