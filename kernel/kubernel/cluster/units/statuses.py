"""What came of the plans, written into the objects' ``status``: the last state of each, once it differs.

Writing is never in the way of acting: while the API server is away the newest state waits, and only that is written.
"""

import logging
from collections.abc import Callable, Mapping

from kubernel.client import Client, Key, PatchType, RateLimitedQueue, run_workers
from kubernel.cluster.units.unit import UnitState
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain
from kubernel.objects.plugin_object import Plugin, PluginStatus

__all__ = ["Statuses", "disabled_status", "problem_status", "statuses_of"]

NOT_FOUND = 404
WORKERS = 2

_log = logging.getLogger("supervisor")


class Statuses:
    """Writes statuses of Plugin objects."""

    def __init__(self, client: Client, cached: Callable[[str], Plugin | None]) -> None:
        self._client = client
        self._cached = cached
        self._wanted: dict[str, PluginStatus] = {}
        self._queue: RateLimitedQueue[Key] = RateLimitedQueue()

    def set(self, name: str, status: PluginStatus) -> None:
        """Make this the object's status, soon."""
        if self._wanted.get(name) != status:
            self._wanted[name] = status
            self._queue.add(Key("", name))

    def forget(self, name: str) -> None:
        """The object is gone."""
        self._wanted.pop(name, None)

    async def run(self) -> None:
        """Write until cancelled."""
        await run_workers(self._queue, self._write, count=WORKERS, log=_log)

    async def _write(self, key: Key) -> None:
        wanted, cached = self._wanted.get(key.name), self._cached(key.name)
        if wanted is None or cached is None or cached.status == wanted:
            return
        try:
            await self._client.patch(
                Plugin, key.name, {"status": _whole(wanted)}, patch_type=PatchType.MERGE, subresource="status"
            )
        except StatusError as error:
            if error.code != NOT_FOUND:
                raise


def statuses_of(state: UnitState) -> Mapping[str, PluginStatus]:
    """Return the status of each object that the unit's plan answers."""
    return {name: _status(state, role, name) for role, name in state.plan.objects.items()}


def problem_status(problem: str, generation: int) -> PluginStatus:
    """Return the status of an object that cannot be served."""
    return PluginStatus(phase="Failed", ready=False, message=problem, observedGeneration=generation)


def disabled_status(generation: int) -> PluginStatus:
    """Return the status of an object that asks for nothing."""
    return PluginStatus(phase="Disabled", ready=False, observedGeneration=generation)


def _status(state: UnitState, role: str, name: str) -> PluginStatus:
    retries = dict(zip(state.plan.objects.values(), state.plan.retry, strict=False))
    origin = next((origin for origin in state.origins if origin.role == role), None)
    return PluginStatus(
        driver=origin.name if origin else None,
        distribution=origin.distribution if origin else None,
        version=origin.version if origin else None,
        phase=state.phase,
        ready=state.is_ready,
        restarts=state.restarts,
        message=state.message or None,
        observedGeneration=state.plan.generations.get(name),
        observedRetry=retries.get(name) or None,
        pid=state.pid,
    )


def _whole(status: PluginStatus) -> Plain:
    """Return the status with a null for what it has not, so that a merge removes it."""
    return {field: getattr(status, field) for field in PluginStatus.__struct_fields__}
