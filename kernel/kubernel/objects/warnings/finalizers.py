"""Finalizers of custom resources whose names somebody else may use too.

Source: apiextensions-apiserver ``pkg/registry/customresource/validator.go``.
"""

from collections.abc import Iterable

from kubernel.objects.models import ApiObject, meta_of
from kubernel.objects.rules.labels import label_key_errors

__all__ = ["finalizer_warnings"]

_STANDARD = frozenset({"orphan", "foregroundDeletion", "kubernetes"})


def finalizer_warnings(new: ApiObject, old: ApiObject | None) -> Iterable[str]:
    """Warn of each finalizer that is new here and has no domain."""
    finalizers = meta_of(new).finalizers
    if not finalizers:
        return
    known = (meta_of(old).finalizers if old is not None else None) or ()
    for name in sorted(set(finalizers) - set(known)):
        for why in label_key_errors(name):
            yield f'metadata.finalizers: "{name}": {why}'
        if "/" not in name and name not in _STANDARD:
            path = " including a path (/)" if "." in name else ""
            yield (
                f'metadata.finalizers: "{name}": prefer a domain-qualified finalizer name{path} to avoid accidental '
                "conflicts with other finalizer writers"
            )
