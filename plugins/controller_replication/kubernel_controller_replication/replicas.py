"""Too few, start some; too many, kill some.

Starting is a slow start: 1 pod, then 2, 4, 8, … side by side, so that a template that the server refuses costs one
request, and a good one is a thousand pods in ten rounds (source: Kubernetes' ``slowStartBatch``).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from kubernel.client import Client, EventRecorder, Unreachable, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta

from kubernel_controller_replication.expectations import Expectations, Round
from kubernel_controller_replication.ranking import least_missed_first

__all__ = ["Failure", "Replicas", "pod_from", "slow_start"]

Failure = StatusError | Unreachable
"""Why an act fell short; the next look tries again."""

NOT_FOUND, CONFLICT = 404, 409


class Replicas:
    """Changes the number of pods of a replication controller.

    Args:
        burst: The most pods that one call starts or kills.
    """

    def __init__(self, client: Client, recorder: EventRecorder, expectations: Expectations, *, burst: int) -> None:
        self._client = client
        self._recorder = recorder
        self._expectations = expectations
        self._burst = burst

    def are_settled(self, controller: core.ReplicationController) -> bool:
        """Whether the cache shows all that we did, so that counting makes sense."""
        return self._expectations.are_met(metadata_of(controller).uid or "")

    async def adjust(self, controller: core.ReplicationController, pods: Sequence[core.Pod]) -> Failure | None:
        """Start or kill pods until there are as many as wanted; returns why it fell short."""
        assert controller.spec is not None
        wanted = 1 if controller.spec.replicas is None else controller.spec.replicas
        missing = min(wanted - len(pods), self._burst)
        surplus = min(len(pods) - wanted, self._burst)
        if missing <= 0 and surplus <= 0:
            return None
        with self._expectations.acting(metadata_of(controller).uid or "") as current:
            if missing > 0:
                template = pod_from(controller)
                return await slow_start(missing, lambda: self._start(controller, template, current))
            ends = [self._kill(controller, pod, current) for pod in least_missed_first(pods)[:surplus]]
            return _first(await asyncio.gather(*ends))

    async def _start(self, controller: core.ReplicationController, pod: core.Pod, current: Round) -> Failure | None:
        try:
            created = metadata_of(await self._client.create(pod))
        except (StatusError, Unreachable) as error:
            if not _is_ending_namespace(error):
                self._recorder.event(controller, "Warning", "FailedCreate", f"Error creating: {error}")
            return error
        current.created(created.uid or "")
        self._recorder.event(controller, "Normal", "SuccessfulCreate", f"Created pod: {created.name}")
        return None

    async def _kill(self, controller: core.ReplicationController, pod: core.Pod, current: Round) -> Failure | None:
        about = metadata_of(pod)
        current.deleting(about.uid or "")
        try:
            await self._client.delete(core.Pod, about.name or "", about.namespace, uid=about.uid)
        except (StatusError, Unreachable) as error:
            current.not_deleted(about.uid or "")
            if isinstance(error, StatusError) and error.code in (NOT_FOUND, CONFLICT):
                return None  # somebody else was faster, which is as good
            self._recorder.event(controller, "Warning", "FailedDelete", f"Error deleting: {error}")
            return error
        self._recorder.event(controller, "Normal", "SuccessfulDelete", f"Deleted pod: {about.name}")
        return None


async def slow_start(count: int, act: Callable[[], Awaitable[Failure | None]]) -> Failure | None:
    """Act ``count`` times in rounds that double; stops after the first round with a failure and returns one."""
    size = 1
    while count > 0:
        size = min(size, count)
        failure = _first(await asyncio.gather(*(act() for _ in range(size))))
        if failure is not None:
            return failure
        count -= size
        size *= 2
    return None


def pod_from(controller: core.ReplicationController) -> core.Pod:
    """Return a new pod after the template, owned by the controller; the server gives it its name."""
    about = metadata_of(controller)
    assert controller.spec is not None
    assert controller.spec.template is not None
    template = controller.spec.template
    described = template.metadata or meta.ObjectMeta()
    owner = meta.OwnerReference(
        apiVersion="v1",
        kind="ReplicationController",
        name=about.name or "",
        uid=about.uid or "",
        controller=True,
        blockOwnerDeletion=True,
    )
    return core.Pod(
        metadata=meta.ObjectMeta(
            generateName=f"{about.name}-",
            namespace=about.namespace,
            labels=described.labels,
            annotations=described.annotations,
            finalizers=described.finalizers,
            ownerReferences=[owner],
        ),
        spec=template.spec,
    )


def _first(failures: Sequence[Failure | None]) -> Failure | None:
    return next((failure for failure in failures if failure is not None), None)


def _is_ending_namespace(error: Failure) -> bool:
    """Whether the namespace is being deleted, where failing to create is as it should be."""
    return isinstance(error, StatusError) and any(cause.reason == "NamespaceTerminating" for cause in error.causes)
