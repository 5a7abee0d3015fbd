"""Gives claims and Ingresses that name no class the class that is marked as the default one.

Of several that are marked the newest counts, and of several of one second the first by name: an administrator who
moves the mark may mark the new one first.

Source: Kubernetes' ``plugin/pkg/admission/storage/storageclass/setdefault`` and ``…/network/defaultingressclass``.
"""

from collections.abc import Callable, Iterable

from kubernel.objects.kinds.core.persistent_volume_claim import PERSISTENT_VOLUME_CLAIM
from kubernel.objects.kinds.networking.ingress import INGRESS, INGRESS_CLASS_ANNOTATION
from kubernel.objects.kinds.networking.ingress_class import INGRESS_CLASS
from kubernel.objects.kinds.storage.storage_class import DEFAULT, DEFAULT_BETA, STORAGE_CLASS
from kubernel.objects.models import core, meta, meta_of, networking
from kubernel.objects.registry import AnyKind
from kubernel.objects.volumes.columns import CLASS_ANNOTATION as STORAGE_CLASS_ANNOTATION
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache

__all__ = ["DefaultClasses"]

_MARK = b"is-default-class"
"""What the bytes of a marked class hold; others need not be decoded."""

_STORAGE_MARKS = (DEFAULT, DEFAULT_BETA)
_INGRESS_MARKS = ("ingressclass.kubernetes.io/is-default-class",)


class DefaultClasses:
    """``storageClassName`` and ``ingressClassName`` of new objects that say nothing about it."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Complete a new claim or Ingress."""
        if request.old is not None:
            return
        if request.kind is PERSISTENT_VOLUME_CLAIM:
            self._complete_claim(request.obj)
        elif request.kind is INGRESS:
            self._complete_ingress(request.obj)

    def _complete_claim(self, claim: core.PersistentVolumeClaim) -> None:
        spec = claim.spec
        # An empty name is one too: it asks for a volume of no class.
        if (
            spec is None
            or spec.storageClassName is not None
            or STORAGE_CLASS_ANNOTATION in _annotations(claim.metadata)
        ):
            return
        spec.storageClassName = self._default(STORAGE_CLASS, _STORAGE_MARKS)

    def _complete_ingress(self, ingress: networking.Ingress) -> None:
        spec = ingress.spec
        if (
            spec is None
            or spec.ingressClassName is not None
            or INGRESS_CLASS_ANNOTATION in _annotations(ingress.metadata)
        ):
            return
        spec.ingressClassName = self._default(INGRESS_CLASS, _INGRESS_MARKS)

    def _default(self, kind: AnyKind, marks: Iterable[str]) -> str | None:
        """Return the name of the class that one of these annotations marks."""
        marked = (meta_of(r.decode()) for r in self._cache().collection(kind).all() if _MARK in r.data)
        found = [m for m in marked if any(_annotations(m).get(mark) == "true" for mark in marks)]
        return min(found, key=_newest_first).name if found else None


def _newest_first(metadata: meta.ObjectMeta) -> tuple[float, str]:
    created = metadata.creationTimestamp
    return -created.timestamp() if created else 0.0, metadata.name or ""


def _annotations(metadata: meta.ObjectMeta | None) -> dict[str, str]:
    return (metadata and metadata.annotations) or {}
