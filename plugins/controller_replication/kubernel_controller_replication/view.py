"""What the controller sees: its two caches, with the questions that it asks of them."""

from kubernel.client import Informer, Key, metadata_of
from kubernel.objects.models import core
from kubernel.objects.owners import controller_uid
from kubernel.objects.selectors import Selector, from_map

__all__ = ["View", "selector_of"]


class View:
    """Answers from the caches; what it returns is shared, so look and do not change."""

    def __init__(self, controllers: Informer[core.ReplicationController], pods: Informer[core.Pod]) -> None:
        self._controllers = controllers
        self._pods = pods
        controllers.index("uid", lambda controller: [metadata_of(controller).uid or ""])
        controllers.index("namespace", lambda controller: [metadata_of(controller).namespace or ""])
        pods.index("controller", lambda pod: [controller_uid(pod.metadata)] if controller_uid(pod.metadata) else [])
        pods.index("orphans", lambda pod: [] if controller_uid(pod.metadata) else [metadata_of(pod).namespace or ""])

    def controller(self, key: Key) -> core.ReplicationController | None:
        """Return the replication controller of this name."""
        return self._controllers.items.get(key)

    def controller_with_uid(self, uid: str) -> core.ReplicationController | None:
        """Return the replication controller with this uid."""
        found = self._controllers.by_index("uid", uid)
        return found[0] if found else None

    def controllers_selecting(self, pod: core.Pod) -> list[core.ReplicationController]:
        """Return the replication controllers whose selector matches the pod's labels."""
        about = metadata_of(pod)
        candidates = self._controllers.by_index("namespace", about.namespace or "")
        return [controller for controller in candidates if selector_of(controller).matches(about.labels)]

    def pods_of(self, uid: str) -> list[core.Pod]:
        """Return the pods that the replication controller with this uid controls."""
        return self._pods.by_index("controller", uid)

    def orphans(self, namespace: str) -> list[core.Pod]:
        """Return the namespace's pods that nobody controls."""
        return self._pods.by_index("orphans", namespace)


def selector_of(controller: core.ReplicationController) -> Selector:
    """Return the selector; it is never empty, since the server defaults it to the template's labels."""
    return from_map((controller.spec.selector if controller.spec is not None else None) or {})
