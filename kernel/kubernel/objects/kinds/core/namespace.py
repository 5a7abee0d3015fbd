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
STANDARD_FINALIZERS = frozenset((FINALIZER, "foregroundDeletion", "orphan"))
ACTIVE, TERMINATING = "Active", "Terminating"


def _default(namespace: core.Namespace) -> None:
    metadata = meta_of(namespace)
    if metadata.name:
        metadata.labels = {**(metadata.labels or {}), NAME_LABEL: metadata.name}


def _prepare_create(namespace: core.Namespace) -> None:
    """Hold the namespace by its own finalizer, which goes when all that is in it has gone."""
    namespace.status = core.NamespaceStatus(phase=ACTIVE)
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
        yield from _name_errors(name, f"spec.finalizers[{i}]")


def _validate_create(namespace: core.Namespace) -> Iterable[FieldError]:
    for name in (namespace.spec.finalizers if namespace.spec else None) or ():
        yield from _name_errors(name, "spec.finalizers")


def _name_errors(name: str, path: str) -> Iterable[FieldError]:
    whys = label_key_errors(name)
    yield from (field_invalid(path, name, why) for why in whys)
    if not whys and "/" not in name and name not in STANDARD_FINALIZERS:
        why = "name is neither a standard finalizer name nor is it fully qualified"
        yield field_invalid(path, name, why)


def _validate_status(new: core.Namespace, _old: core.Namespace) -> Iterable[FieldError]:
    phase = new.status.phase if new.status else None
    is_going = meta_of(new).deletionTimestamp is not None
    if phase != (TERMINATING if is_going else ACTIVE):
        why = (
            "may only be 'Terminating' if `deletionTimestamp` is not empty"
            if is_going
            else "may only be 'Active' if `deletionTimestamp` is empty"
        )
        yield field_invalid("status.Phase", phase or "", why)  # spelled so in Kubernetes too


def _is_held(namespace: core.Namespace) -> bool:
    return bool(namespace.spec and namespace.spec.finalizers)


def _on_marked(namespace: core.Namespace) -> None:
    namespace.status = namespace.status or core.NamespaceStatus()
    namespace.status.phase = TERMINATING


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
    validate_create=_validate_create,
    validate_status=_validate_status,
    columns=(NAME, Column("Status", _phase, description="Active, or Terminating."), AGE),
    selectable={"status.phase": lambda n: (n.status and n.status.phase) or ""},
    has_status=True,
    parts={"finalize": Part(_take_finalizers, _finalizer_errors)},
    is_held=_is_held,
    on_marked=_on_marked,
)
