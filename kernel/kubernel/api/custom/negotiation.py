"""What becomes of definitions: names and conditions, and at the end the removal of their objects.

A control loop inside the API server, as Kubernetes has it there: which names a definition gets decides what the server
itself serves (decision 0056). It looks at one definition at a time, compares what is with what should be, and writes
the difference under the condition that nothing happened meanwhile; whatever fails is tried again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from kubernel.api.custom.cleaning import Cleaning
from kubernel.api.custom.definitions import Definitions
from kubernel.objects import codec
from kubernel.objects.clock import now
from kubernel.objects.custom.approval import approval_of
from kubernel.objects.custom.definition import CLEANUP, Definition, is_true, set_condition
from kubernel.objects.custom.names import negotiate
from kubernel.objects.deletion import is_finished
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds.apiextensions.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION
from kubernel.objects.models import meta_of
from kubernel.store import GroupCommit, StoreUnavailable, Write, key_of
from kubernel.watch import Cache, Record

__all__ = ["ACTOR", "Negotiation"]

ACTOR = "system:apiserver"
RETRY_S = 1.0
"""When something that failed is tried again."""

_log = logging.getLogger("kubernel.api.custom")
_KIND = CUSTOM_RESOURCE_DEFINITION


class Negotiation:
    """The loop; `look_at` wakes it."""

    def __init__(self, cache: Cache, commit: GroupCommit, definitions: Definitions) -> None:
        self._cache = cache
        self._commit = commit
        self._cleaning = Cleaning(cache, commit, definitions)
        self._waiting: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look at every definition, then at those that change; needs a running event loop."""
        self.look_at(record.name for record in self._cache.collection(_KIND).all())
        self._task = asyncio.get_running_loop().create_task(self._run(), name="custom-definitions")

    async def stop(self) -> None:
        """End the loop; what it did not come to is done after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def look_at(self, names: Iterable[str]) -> None:
        """Note that definitions have changed; never blocks."""
        for name in names:
            self._waiting[name] = None
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            name = next(iter(self._waiting))
            del self._waiting[name]
            if not self._waiting:
                self._wake.clear()
            try:
                await self._one(name)
            except (StatusError, StoreUnavailable) as error:
                _log.warning("definition %s: %s; trying again", name, error)
                asyncio.get_running_loop().call_later(RETRY_S, self.look_at, [name])
            except Exception:  # noqa: BLE001 - a control loop goes on with the other definitions
                _log.exception("definition %s", name)

    async def _one(self, name: str) -> None:
        record = self._cache.collection(_KIND).get("", name)
        if record is None:  # its names are free again
            self.look_at(self._of_group(name.partition(".")[2]))
            return
        definition = _decoded(record)
        metadata = meta_of(definition)
        if metadata.deletionTimestamp is None:
            if await self._write(record, self._named):
                self.look_at(other for other in self._of_group(definition.spec.group) if other != name)
        elif CLEANUP in (metadata.finalizers or ()):
            await self._end(record, definition)

    def _of_group(self, group: str) -> list[str]:
        return [r.name for r in self._cache.collection(_KIND).all() if r.name.partition(".")[2] == group]

    def _named(self, definition: Definition) -> None:
        """Write down which names a definition gets and whether it is served."""
        name, group, moment = meta_of(definition).name, definition.spec.group, now()
        others = [
            _decoded(record)
            for record in self._cache.collection(_KIND).all()
            if record.name != name and record.name.partition(".")[2] == group
        ]
        got = negotiate(definition, others)
        accepted = "True" if got.is_accepted else "False"
        set_condition(definition, "NamesAccepted", accepted, got.reason, got.message, moment)
        assert definition.status is not None, "it has a condition"
        definition.status.acceptedNames = got.names
        if got.is_accepted and not is_true(definition, "Established"):
            why = "the initial names have been accepted"
            set_condition(definition, "Established", "True", "InitialNamesAccepted", why, moment)
        elif not got.is_accepted and not is_true(definition, "Established"):
            set_condition(definition, "Established", "False", "NotAccepted", "not all names are accepted", moment)
        if approval := approval_of(definition):
            of_type = "KubernetesAPIApprovalPolicyConformant"
            set_condition(definition, of_type, approval.status, approval.condition, approval.message, moment)

    async def _end(self, record: Record, definition: Definition) -> None:
        """Remove the objects of a definition that is to be deleted; the last of them lets it go."""
        if not is_true(definition, "Established"):
            reason, message = "NeverEstablished", "resource was never established"
        elif await self._cleaning.clean(record.name):
            reason, message = "InstanceDeletionCompleted", "removed all instances"
        else:
            progress = "CustomResource deletion is in progress"
            await self._write(record, _terminating("True", "InstanceDeletionInProgress", progress))
            return
        done = _terminating("False", reason, message)

        def let_go(definition: Definition) -> None:
            done(definition)
            metadata = meta_of(definition)
            metadata.finalizers = [f for f in metadata.finalizers or () if f != CLEANUP] or None

        await self._write(record, let_go)

    async def _write(self, record: Record, change: Callable[[Definition], None]) -> bool:
        """Write a change of a definition; one that somebody else has changed meanwhile is looked at again.

        Returns:
            Whether something was written.
        """
        definition = _decoded(record)
        change(definition)
        meta_of(definition).resourceVersion = None
        body, head_length = codec.encode(definition), len(codec.head(_KIND.api_version, _KIND.name))
        if codec.with_revision(body, head_length, record.revision) == record.data:
            return False
        key, is_gone = key_of(_KIND.resource, "", record.name), is_finished(_KIND, definition)
        await self._commit.write(Write(key, record.revision, body, head_length, is_gone, ACTOR, record.owners))
        return True


def _terminating(status: str, reason: str, message: str) -> Callable[[Definition], None]:
    def change(definition: Definition) -> None:
        set_condition(definition, "Terminating", status, reason, message, now())

    return change


def _decoded(record: Record) -> Definition:
    definition: Definition = codec.decode(_KIND, record.data)[0]
    return definition
