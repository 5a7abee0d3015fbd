"""Gives each new pod the priority that its class stands for, and keeps the classes' default one.

Source: Kubernetes' ``plugin/pkg/admission/priority``.
"""

from collections.abc import Callable

from kubernel.objects.errors import forbidden
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.scheduling.priority_class import PREEMPTION, PRIORITY_CLASS
from kubernel.objects.models import core, scheduling
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache
from kubernel.watch.collection import Collection

__all__ = ["Priority"]

_DEFAULT_MARK = b'"globalDefault":true'


class Priority:
    """``priorityClassName`` becomes ``priority`` and ``preemptionPolicy``; nobody sets those two by hand."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache
        self._known: tuple[Collection, int, scheduling.PriorityClass | None] | None = None

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Complete a new pod; an update that leaves out what was set here keeps it."""
        pod, old = request.obj, request.old
        if request.kind is not POD or not isinstance(pod, core.Pod) or pod.spec is None:
            return
        if old is None:
            self._complete(pod.spec, request)
        elif isinstance(old, core.Pod) and old.spec is not None:
            if pod.spec.priority is None:
                pod.spec.priority = old.spec.priority
            if pod.spec.preemptionPolicy is None:
                pod.spec.preemptionPolicy = old.spec.preemptionPolicy

    def _complete(self, spec: core.PodSpec, request: AdmissionRequest) -> None:
        found = self._named(spec.priorityClassName, request) if spec.priorityClassName else self._default()
        priority, policy = 0, PREEMPTION[0]
        if found is not None:
            spec.priorityClassName = found.metadata.name if found.metadata else None
            priority, policy = found.value or 0, found.preemptionPolicy or policy
        computed = "priority admission controller computed {} from the given PriorityClass name"
        if spec.priority not in {None, priority}:
            why = f"the integer value of priority ({spec.priority}) must not be provided in pod spec; "
            raise _refused(request, why + computed.format(priority))
        if spec.preemptionPolicy not in {None, "", policy}:
            why = f"the string value of PreemptionPolicy ({spec.preemptionPolicy}) must not be provided in pod spec; "
            raise _refused(request, why + computed.format(policy))
        spec.priority, spec.preemptionPolicy = priority, policy

    def _named(self, name: str, request: AdmissionRequest) -> scheduling.PriorityClass:
        record = self._cache().collection(PRIORITY_CLASS).get("", name)
        found = record.decode() if record is not None else None
        if not isinstance(found, scheduling.PriorityClass):
            raise _refused(request, f"no PriorityClass with name {name} was found")
        return found

    def _default(self) -> scheduling.PriorityClass | None:
        """Return the class of pods that name none; looked for again when a class has changed."""
        classes = self._cache().collection(PRIORITY_CLASS)
        if self._known is None or self._known[0] is not classes or self._known[1] != classes.changed_at:
            self._known = classes, classes.changed_at, _default_of(classes)
        return self._known[2]

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Refuse a second default class."""
        wanted = request.obj
        if request.kind is not PRIORITY_CLASS or not isinstance(wanted, scheduling.PriorityClass):
            return
        default = self._default() if wanted.globalDefault else None
        name = default.metadata.name if default is not None and default.metadata else None
        if name is not None and name != (wanted.metadata.name if wanted.metadata else None):
            why = f"PriorityClass {name} is already marked as default. Only one default can exist"
            raise _refused(request, why)


def _default_of(classes: Collection) -> scheduling.PriorityClass | None:
    """Return the default class: of several, which a race can make, the one that matters least."""
    marked = [record.decode() for record in classes.all() if _DEFAULT_MARK in record.data]
    found = [c for c in marked if isinstance(c, scheduling.PriorityClass) and c.globalDefault]
    return min(found, key=lambda c: c.value or 0, default=None)


def _refused(request: AdmissionRequest, why: str) -> Exception:
    name = request.obj.metadata.name if request.obj is not None and request.obj.metadata is not None else None
    return forbidden(request.kind.plural, name or request.attributes.name, why, request.kind.group)
