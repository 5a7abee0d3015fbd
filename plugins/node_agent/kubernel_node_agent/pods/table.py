"""Which pods are ours: the informer's cache, by uid, and only those bound to our nodes."""

from collections.abc import Callable, Collection

from kubernel.client import Client, Informer
from kubernel.objects.models import core, meta_of

from kubernel_node_agent.pods.reading import spec_of, uid_of

__all__ = ["PodTable"]


class PodTable:
    """The pods of some nodes; ``changed`` is called with the uid of each pod that appears, changes or goes."""

    def __init__(self, client: Client, nodes: Collection[str], changed: Callable[[str], None]) -> None:
        self._nodes = frozenset(nodes)
        self._changed = changed
        self._by_uid: dict[str, core.Pod] = {}
        selector = f"spec.nodeName={next(iter(nodes))}" if len(nodes) == 1 else "spec.nodeName!="
        self.informer: Informer[core.Pod] = Informer(client, core.Pod, field_selector=selector)
        self.informer.on_change(self._take)

    def __len__(self) -> int:
        return len(self._by_uid)

    def get(self, uid: str) -> core.Pod | None:
        """Return one of our pods."""
        return self._by_uid.get(uid)

    def find(self, namespace: str, name: str) -> core.Pod | None:
        """Return one of our pods by name."""
        pod = self.informer.get(name, namespace)
        return self._by_uid.get(uid_of(pod)) if pod is not None else None

    def uids(self) -> set[str]:
        """Return the uids of all our pods."""
        return set(self._by_uid)

    def _take(self, old: core.Pod | None, new: core.Pod | None) -> None:
        if old is not None and (new is None or meta_of(old).uid != meta_of(new).uid):
            self._forget(uid_of(old))
        if new is None:
            return
        if spec_of(new).nodeName in self._nodes:
            self._by_uid[uid_of(new)] = new
            self._changed(uid_of(new))
        else:
            self._forget(uid_of(new))

    def _forget(self, uid: str) -> None:
        if self._by_uid.pop(uid, None) is not None:
            self._changed(uid)
