"""The loop that keeps APIServices true: those of our own groups exist, those of others say whether they answer.

A control loop inside the API server, as in Kubernetes: what it finds decides what the server itself shows and passes
on. Whatever fails is tried again with the next look.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime

from kubernel.api.aggregation.availability import Found, look
from kubernel.api.aggregation.describing import find_document
from kubernel.api.aggregation.local import MANAGED, local_services
from kubernel.api.aggregation.remotes import Remote, Remotes
from kubernel.api.outside.calling import Caller
from kubernel.objects import codec
from kubernel.objects.clock import now
from kubernel.objects.models import ApiObject, apiregistration, meta_of
from kubernel.objects.registry import AnyKind, Registry
from kubernel.store import GroupCommit, StoreUnavailable, Write, key_of
from kubernel.watch import Cache, Record

__all__ = ["Keeping"]

ACTOR = "system:apiserver"
_AGAIN_S, _SOON_S = 30.0, 2.0
"""How often a server that answers is asked, and one that does not."""

_log = logging.getLogger("kubernel.api.aggregation")


class Keeping:
    """The loop; `wake` makes it look at once."""

    def __init__(self, kind: AnyKind, registry: Registry, remotes: Remotes, cache: Cache, commit: GroupCommit) -> None:
        self._kind = kind
        self._registry = registry
        self._remotes = remotes
        self._cache = cache
        self._commit = commit
        self._caller = Caller()
        self._wake = asyncio.Event()
        self._generation = -1
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="aggregation")

    def wake(self) -> None:
        """Look again at once."""
        self._wake.set()

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._caller.close()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._show_local()
                await asyncio.gather(*(self._look_at(remote) for remote in list(self._remotes)))
            except StoreUnavailable as error:
                _log.warning("%s; trying again", error)
            except Exception:  # noqa: BLE001 - a control loop goes on
                _log.exception("looking at APIServices")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._pause_s())

    def _pause_s(self) -> float | None:
        if not self._remotes:
            return None
        return _AGAIN_S if all(remote.is_available for remote in self._remotes) else _SOON_S

    async def _show_local(self) -> None:
        """Make the APIServices of groups that are served here, and remove those of groups that are no more."""
        collection = self._cache.collection(self._kind)
        wanted = {meta_of(obj).name: obj for obj in local_services(self._kind, self._registry, self._remotes)}
        missing = [obj for name, obj in wanted.items() if collection.get("", name or "") is None]
        gone = [r for r in list(collection.all()) if r.name not in wanted and r.labels.get(MANAGED)]
        await asyncio.gather(*(self._write(obj) for obj in missing), *(self._remove(record) for record in gone))

    async def _remove(self, record: Record) -> None:
        await self._write(record.decode(), record, is_deletion=True)

    async def _look_at(self, remote: Remote) -> None:
        found = await look(remote, self._cache, self._caller)
        remote.is_available = found.resources is not None
        if found.resources is not None:
            remote.resources = found.resources
            remote.document_hash = await find_document(remote, self._cache, self._caller)
        record = self._cache.collection(self._kind).get("", remote.name)
        if record is None or record is not remote.record:
            return  # it has changed, and is looked at again
        service = record.decode()
        if isinstance(service, apiregistration.APIService) and _write_down(service, found, now()):
            await self._write(service, record)

    async def _write(self, obj: ApiObject, before: Record | None = None, *, is_deletion: bool = False) -> None:
        metadata = meta_of(obj)
        metadata.resourceVersion = None
        head_length = len(codec.head(self._kind.api_version, self._kind.name))
        key = key_of(self._kind.resource, "", metadata.name or "")
        expected, owners = (before.revision, before.owners) if before is not None else (0, "")
        await self._commit.write(Write(key, expected, codec.encode(obj), head_length, is_deletion, ACTOR, owners))


def _write_down(service: apiregistration.APIService, found: Found, moment: datetime) -> bool:
    """Set the condition ``Available``; return whether it says anything new."""
    status = "True" if found.resources is not None else "False"
    service.status = service.status or apiregistration.APIServiceStatus()
    conditions: Sequence[apiregistration.APIServiceCondition] = service.status.conditions or []
    before = next((condition for condition in conditions if condition.type == "Available"), None)
    if before is not None and (before.status, before.reason, before.message) == (status, found.reason, found.message):
        return False
    since = before.lastTransitionTime if before is not None and before.status == status else moment
    available = apiregistration.APIServiceCondition(
        type="Available", status=status, lastTransitionTime=since, reason=found.reason, message=found.message
    )
    service.status.conditions = [*(c for c in conditions if c.type != "Available"), available]
    return True
