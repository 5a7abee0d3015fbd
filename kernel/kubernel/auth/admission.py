"""The built-in admission links: what a write must respect beyond its own kind's rules."""

from collections.abc import Callable

from kubernel.objects import errors
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache

__all__ = ["NamespaceLifecycle"]

PROTECTED_NAMESPACES = frozenset({"default", "kube-system", "kube-public"})


class NamespaceLifecycle:
    """Nothing is created in a namespace that does not exist or is going away; three namespaces cannot be deleted."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Check creates against their namespace, before anybody else looks at them."""
        if request.old is None and request.kind.namespaced:
            self._check_home(request)

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Check deletions of namespaces."""
        name = request.attributes.name
        if request.obj is None and request.kind is NAMESPACE and name in PROTECTED_NAMESPACES:
            raise errors.forbidden("namespaces", name, "this namespace may not be deleted")

    def _check_home(self, request: AdmissionRequest) -> None:
        namespace = request.attributes.namespace
        record = self._cache().collection(NAMESPACE).get("", namespace)
        if record is None:
            raise errors.not_found("namespaces", namespace)
        if b'"deletionTimestamp"' in record.data:
            home = record.decode()
            if home.metadata and home.metadata.deletionTimestamp:
                why = f"unable to create new content in namespace {namespace} because it is being terminated"
                raise errors.forbidden(request.kind.plural, request.attributes.name, why, request.kind.group)
