"""The admission plugin: completes new pods, and judges new pods and new or changed claims."""

from collections.abc import Sequence
from typing import Any

from kubernel.objects.errors import forbidden
from kubernel.objects.kinds.core.limit_range import LIMIT_RANGE
from kubernel.objects.models import core
from kubernel.plugin.hooks import AdmissionRequest, hookimpl

from kubernel_admission_limitrange.defaults import fill_in
from kubernel_admission_limitrange.limits import broken_limits

__all__ = ["LimitRanges"]

_RESIZE = "resize"


class LimitRanges:
    """Applies every LimitRange of the object's namespace, in the order of their names."""

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> bool:
        """Give the containers of a new pod what the namespace's limits say."""
        pod = request.obj
        if not isinstance(pod, core.Pod) or request.old is not None or request.attributes.subresource:
            return False
        ranges = _ranges(request)
        for limits in ranges:
            fill_in(pod, limits)
        return bool(ranges)

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Refuse what is outside of the limits; every broken one is said."""
        if not _is_concerned(request):
            return
        sentences = [
            sentence
            for limits in _ranges(request)
            for item in (limits.spec.limits if limits.spec else None) or ()
            for sentence in broken_limits(item, request.obj)
        ]
        if sentences:
            words = sentences[0] if len(sentences) == 1 else f"[{', '.join(sentences)}]"
            name = request.obj.metadata.name or request.attributes.name
            raise forbidden(request.kind.plural, name, words)


def _is_concerned(request: AdmissionRequest) -> bool:
    subresource = request.attributes.subresource
    if isinstance(request.obj, core.Pod):
        # What a pod asks for does not change, except by this subresource.
        return subresource == _RESIZE or (request.old is None and not subresource)
    return isinstance(request.obj, core.PersistentVolumeClaim) and not subresource


def _ranges(request: AdmissionRequest) -> Sequence[Any]:
    if not request.cluster.count(LIMIT_RANGE):
        return ()
    return [stored.decode() for stored in request.cluster.list(LIMIT_RANGE, request.attributes.namespace)]
