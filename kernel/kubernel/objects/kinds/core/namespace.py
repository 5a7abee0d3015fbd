"""The kind ``Namespace``: a scope for names; deleting it deletes what is in it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Column, Kind, Part
from kubernel.objects.models import core, meta_of
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import dns_label_errors

__all__ = ["NAMESPACE"]

NAME_LABEL = "kubernetes.io/metadata.name"
FINALIZER = "kubernetes"


def _default(namespace: core.Namespace) -> None:
    metadata = meta_of(namespace)
    if metadata.name:
        metadata.labels = {**(metadata.labels or {}), NAME_LABEL: metadata.name}


def _prepare_create(namespace: core.Namespace) -> None:
    """Hold the namespace by its own finalizer, which goes when all that is in it has gone."""
    namespace.status = core.NamespaceStatus(phase="Active")
    finalizers = (namespace.spec.finalizers if namespace.spec else None) or []
    if FINALIZER not in finalizers:
        namespace.spec = core.NamespaceSpec(finalizers=[*finalizers, FINALIZER])


def _prepare_update(new: core.Namespace, old: core.Namespace) -> None:
    """Keep the spec's finalizers: only the ``finalize`` subresource changes them."""
    new.spec = old.spec


def _take_finalizers(kept: core.Namespace, sent: core.Namespace) -> None:
    """Take the finalizers from a request to ``finalize``: who held the namespace lets it go."""
    kept.spec = core.NamespaceSpec(finalizers=sent.spec.finalizers if sent.spec else None)


def _finalizer_errors(new: core.Namespace, _old: core.Namespace) -> Iterable[FieldError]:
    for i, name in enumerate((new.spec.finalizers if new.spec else None) or ()):
        for why in label_key_errors(name):
            yield field_invalid(f"spec.finalizers[{i}]", name, why)
        if name != FINALIZER and "/" not in name:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield field_invalid(f"spec.finalizers[{i}]", name, why)


def _is_held(namespace: core.Namespace) -> bool:
    return bool(namespace.spec and namespace.spec.finalizers)


def _on_marked(namespace: core.Namespace) -> None:
    namespace.status = namespace.status or core.NamespaceStatus()
    namespace.status.phase = "Terminating"


def _phase(namespace: core.Namespace, _now: datetime) -> str:
    return (namespace.status and namespace.status.phase) or ""


NAMESPACE = Kind(
    type=core.Namespace,
    group="",
    version="v1",
    name="Namespace",
    plural="namespaces",
    singular="namespace",
    namespaced=False,
    short_names=("ns",),
    name_errors=dns_label_errors,
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    columns=(NAME, Column("Status", _phase, description="Active, or Terminating."), AGE),
    selectable={"status.phase": lambda n: (n.status and n.status.phase) or ""},
    has_status=True,
    parts={"finalize": Part(_take_finalizers, _finalizer_errors)},
    is_held=_is_held,
    on_marked=_on_marked,
)
