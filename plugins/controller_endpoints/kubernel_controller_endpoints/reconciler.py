"""One look at one service: compute its endpoints and write them when they differ from what is there."""

from kubernel.client import Client, EventRecorder, Key, Unreachable, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta

from kubernel_controller_endpoints.subsets import subsets_of
from kubernel_controller_endpoints.view import View, is_managed

__all__ = ["MANAGED_BY", "Reconciler", "is_ours"]

MANAGED_BY = "endpoints.kubernetes.io/managed-by"
MANAGER = "endpoint-controller"
HEADLESS = "service.kubernetes.io/headless"
NOT_FOUND, CONFLICT = 404, 409


class Reconciler:
    """Makes the endpoints of one service true."""

    def __init__(self, client: Client, recorder: EventRecorder, view: View) -> None:
        self._client = client
        self._recorder = recorder
        self._view = view

    async def reconcile(self, key: Key) -> bool:
        """Look at the service of this name; returns whether anything was written.

        Raises:
            StatusError: Refused; look again after a back-off.
            Unreachable: No answer; likewise.
        """
        service, present = self._view.service(key), self._view.endpoints_of(key)
        if service is None:
            return present is not None and await self._delete(present)
        if not is_managed(service):
            return False
        wanted = _endpoints(service, self._view.pods_of(service))
        if present is not None and _equal(present, wanted):
            return False
        try:
            await self._write(present, wanted)
        except (StatusError, Unreachable) as error:
            if _is_worth_telling(error):
                reason = "FailedToCreateEndpoint" if present is None else "FailedToUpdateEndpoint"
                message = f"Failed to write endpoints {key}: {error}"
                self._recorder.event(service, "Warning", reason, message)
            raise
        return True

    async def _write(self, present: core.Endpoints | None, wanted: core.Endpoints) -> None:
        if present is None:
            await self._client.create(wanted)
            return
        about, before = metadata_of(wanted), metadata_of(present)
        # Of another's metadata we keep everything; only the labels follow the service.
        about.annotations, about.resourceVersion, about.uid = before.annotations, before.resourceVersion, before.uid
        about.ownerReferences, about.finalizers = before.ownerReferences, before.finalizers
        await self._client.update(wanted)

    async def _delete(self, present: core.Endpoints) -> bool:
        about = metadata_of(present)
        try:
            await self._client.delete(core.Endpoints, about.name or "", about.namespace, uid=about.uid)
        except StatusError as error:
            if error.code not in (NOT_FOUND, CONFLICT):
                raise
        return True


def is_ours(endpoints: core.Endpoints) -> bool:
    """Whether this controller made them."""
    return (metadata_of(endpoints).labels or {}).get(MANAGED_BY) == MANAGER


def _endpoints(service: core.Service, pods: list[core.Pod]) -> core.Endpoints:
    about = metadata_of(service)
    labels = {**(about.labels or {}), MANAGED_BY: MANAGER}
    labels.pop(HEADLESS, None)
    if service.spec is not None and service.spec.clusterIP == "None":
        labels[HEADLESS] = ""
    return core.Endpoints(
        metadata=meta.ObjectMeta(name=about.name, namespace=about.namespace, labels=labels),
        subsets=subsets_of(service, pods) or None,
    )


def _equal(present: core.Endpoints, wanted: core.Endpoints) -> bool:
    same_labels = (metadata_of(present).labels or {}) == metadata_of(wanted).labels
    return same_labels and (present.subsets or None) == wanted.subsets


def _is_worth_telling(error: StatusError | Unreachable) -> bool:
    """Conflicts are normal (our cache lags), and in a namespace that ends nothing can be written."""
    if not isinstance(error, StatusError):
        return False
    return error.code != CONFLICT and all(cause.reason != "NamespaceTerminating" for cause in error.causes)
