"""What the controller sees: services, pods and endpoints, with the questions that it asks of them."""

from collections.abc import Iterable

from kubernel.client import Client, Informer, Key, metadata_of
from kubernel.objects.models import core
from kubernel.objects.pods.state import is_finished, is_ready

__all__ = ["View", "is_managed", "same_for_services"]


class View:
    """The three caches; what it returns is shared, so look and do not change."""

    def __init__(self, client: Client) -> None:
        self.services = Informer(client, core.Service)
        self.pods = Informer(client, core.Pod)
        self.endpoints = Informer(client, core.Endpoints)
        self.services.index("namespace", lambda service: [metadata_of(service).namespace or ""])
        # A service's selector is a conjunction of equalities: its pods are among those that have one of its labels.
        self.pods.index("label", _labels_of)

    def pods_of(self, service: core.Service) -> list[core.Pod]:
        """Return the pods that the service's selector matches."""
        selector = _selector_of(service)
        label, value = next(iter(selector.items()))
        candidates = self.pods.by_index("label", _label(metadata_of(service).namespace, label, value))
        return [pod for pod in candidates if selector.items() <= (metadata_of(pod).labels or {}).items()]

    def services_of(self, pod: core.Pod) -> list[core.Service]:
        """Return the services whose selector matches the pod's labels."""
        about = metadata_of(pod)
        labels = (about.labels or {}).items()
        candidates = self.services.by_index("namespace", about.namespace or "")
        return [service for service in candidates if is_managed(service) and _selector_of(service).items() <= labels]

    def service(self, key: Key) -> core.Service | None:
        """Return the service of this name."""
        return self.services.items.get(key)

    def endpoints_of(self, key: Key) -> core.Endpoints | None:
        """Return the endpoints of this name."""
        return self.endpoints.items.get(key)


def is_managed(service: core.Service) -> bool:
    """Whether we write its endpoints: without a selector a person does, and a mere alias has none."""
    return service.spec is not None and bool(service.spec.selector) and service.spec.type != "ExternalName"


def same_for_services(old: core.Pod, new: core.Pod) -> bool:
    """Whether a change of the pod cannot alter any endpoints."""
    return _facts(old) == _facts(new)


def _facts(pod: core.Pod) -> tuple[object, ...]:
    about = metadata_of(pod)
    return (
        about.labels,
        about.deletionTimestamp is None,
        pod.status.podIP if pod.status is not None else None,
        pod.spec.nodeName if pod.spec is not None else None,
        is_ready(pod),
        is_finished(pod),
    )


def _selector_of(service: core.Service) -> dict[str, str]:
    return (service.spec.selector if service.spec is not None else None) or {}


def _labels_of(pod: core.Pod) -> Iterable[str]:
    about = metadata_of(pod)
    return [_label(about.namespace, label, value) for label, value in (about.labels or {}).items()]


def _label(namespace: str | None, label: str, value: str) -> str:
    return f"{namespace}/{label}={value}"
