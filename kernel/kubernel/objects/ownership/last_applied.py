"""The way over from client-side apply: the annotation in which ``kubectl apply`` remembers what it applied.

Two things happen when the manager ``kubectl`` applies on the server: fields that the annotation says kubectl itself
applied before are no conflict, and an annotation that is there is brought up to date. Source: apimachinery
``managedfields/internal/lastapplied*.go``.
"""

from typing import Any

import msgspec

from kubernel.objects.models import Plain
from kubernel.objects.ownership.comparing import compare
from kubernel.objects.ownership.conflicts import Conflict
from kubernel.objects.ownership.covering import fields_in
from kubernel.objects.ownership.elements import Unshaped
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.versions import Versions

__all__ = ["KUBECTL", "LAST_APPLIED", "renew_last_applied", "still_conflicting"]

KUBECTL = "kubectl"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ANNOTATIONS_MAX_BYTES = 256 * 1024

_encode = msgspec.json.Encoder(order="sorted").encode


def _annotation(obj: Plain) -> str:
    annotations = (obj.get("metadata") or {}).get("annotations")
    value = annotations.get(LAST_APPLIED) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else ""


def still_conflicting(conflicts: list[Conflict], live: Plain, versions: Versions) -> list[Conflict]:
    """Return the conflicts with fields that kubectl did not apply itself, as far as the annotation says."""
    allowed = _applied_and_unchanged(live, versions)
    if allowed is None:
        return conflicts
    left = [conflict._replace(fields=conflict.fields - allowed) for conflict in conflicts]
    return [conflict for conflict in left if not conflict.fields.is_empty]


def _applied_and_unchanged(live: Plain, versions: Versions) -> FieldSet | None:
    try:
        last: Any = msgspec.json.decode(_annotation(live))
        if not isinstance(last, dict) or last.get("apiVersion") != versions.api_version:
            return None
        change = compare(last, live, versions.own.shape)
        return fields_in(last, versions.own.shape) - change.modified - change.added - change.removed
    except (msgspec.DecodeError, RecursionError, Unshaped):
        return None


def renew_last_applied(obj: Plain, config: Plain) -> Plain:
    """Return the object with its annotation saying the configuration; as it is when it has none.

    An annotation that would be too large is left out: the next client-side apply then merges without it.
    """
    if not _annotation(obj):
        return obj
    metadata = dict(config.get("metadata") or {})
    metadata["annotations"] = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != LAST_APPLIED}
    if not metadata["annotations"]:
        del metadata["annotations"]
    said = _encode({**config, "metadata": metadata}).decode() + "\n"
    annotations = {**obj["metadata"]["annotations"], LAST_APPLIED: said}
    if sum(len(k.encode()) + len(str(v).encode()) for k, v in annotations.items()) > ANNOTATIONS_MAX_BYTES:
        del annotations[LAST_APPLIED]
    return {**obj, "metadata": {**obj["metadata"], "annotations": annotations}}
