"""Leader election on a Lease: of many equal processes, one works.

The holder renews ``spec.renewTime``; a candidate takes over when the Lease has not *changed* for
``leaseDurationSeconds`` by the candidate's own clock. Nobody compares its clock with another machine's, so skewed
clocks do no harm (source: client-go's ``tools/leaderelection``). Every write carries the resourceVersion that was
read, so of two candidates one gets a 409. The holder gives up before others may take over: ``renew_s`` is less than
``lease_s``.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from kubernel.client.client import Client
from kubernel.client.transport import Unreachable
from kubernel.objects.errors import StatusError
from kubernel.objects.models import coordination, meta

__all__ = ["LeaderElector", "LeadershipLost"]

_log = logging.getLogger(__name__)

JITTER = 1.2
"""client-go's factor: candidates that start together do not ask in step."""

NOT_FOUND, CONFLICT = 404, 409


class LeadershipLost(Exception):  # noqa: N818 - named after the condition, as the API's reasons are
    """The Lease could not be renewed in time; the work was cancelled. Start anew with empty caches."""


class LeaderElector:
    """One candidate.

    Args:
        name: The Lease's name, the same for all candidates.
        identity: Unique among them; shows who leads.
        namespace: Where the Lease is.
        lease_s: How long others wait after the last renewal before they take over.
        renew_s: How long the holder tries to renew before it stops working; less than ``lease_s``.
        retry_s: The pause between two tries.
    """

    def __init__(  # noqa: PLR0913 - client-go's three durations
        self,
        client: Client,
        name: str,
        identity: str,
        *,
        namespace: str = "kube-system",
        lease_s: float = 15,
        renew_s: float = 10,
        retry_s: float = 2,
    ) -> None:
        if not retry_s < renew_s < lease_s:
            raise ValueError(f"retry_s < renew_s < lease_s must hold, not {retry_s}, {renew_s}, {lease_s}")
        self._client = client
        self._name = name
        self._namespace = namespace
        self._identity = identity
        self._lease_s = lease_s
        self._renew_s = renew_s
        self._retry_s = retry_s
        self._seen: coordination.Lease | None = None
        self._seen_at_s = 0.0

    @property
    def is_leader(self) -> bool:
        """Whether the Lease is ours as far as we know."""
        return self._holder() == self._identity

    async def run(self, lead: Callable[[], Awaitable[None]]) -> None:
        """Wait for the Lease, then run ``lead`` while renewing it; releases it when ``lead`` returns or raises.

        Raises:
            LeadershipLost: The Lease could not be renewed for ``renew_s``; ``lead`` was cancelled.
            Exception: Whatever ``lead`` raised.
        """
        await self._acquire()
        _log.info("%s leads %s/%s", self._identity, self._namespace, self._name)
        work = asyncio.ensure_future(lead())
        renewal = asyncio.create_task(self._renew())
        try:
            await asyncio.wait({work, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise LeadershipLost(f"{self._identity} lost the lease {self._namespace}/{self._name}")
            work.result()
        finally:
            for task in (work, renewal):
                task.cancel()
            await asyncio.gather(work, renewal, return_exceptions=True)
            await self._release()

    async def _acquire(self) -> None:
        while not await self._try():  # noqa: ASYNC110 - what we wait for happens on another machine
            await asyncio.sleep(self._retry_s * (1 + random.random() * JITTER))

    async def _renew(self) -> None:
        """Return when the Lease is lost: no try succeeded within ``renew_s`` of the last one that did."""
        deadline_s = time.monotonic() + self._renew_s
        while (left_s := deadline_s - time.monotonic()) > 0:
            await asyncio.sleep(min(self._retry_s, left_s))
            with suppress(TimeoutError):
                # A try that hangs must not outlive the deadline, for others take over soon after it.
                async with asyncio.timeout(deadline_s - time.monotonic()):
                    if await self._try():
                        deadline_s = time.monotonic() + self._renew_s

    async def _try(self) -> bool:
        """Take or renew the Lease once; whether it is ours afterwards."""
        try:
            await self._observe()
            if self._seen is None:
                self._note(await self._client.create(self._wanted(), self._namespace))
                return True
            if not self.is_leader and not self._is_expired():
                return False
            self._note(await self._client.update(self._wanted()))
        except (StatusError, Unreachable) as error:
            _log.debug("lease %s/%s: %s", self._namespace, self._name, error)
            return False
        return True

    async def _observe(self) -> None:
        try:
            self._note(await self._client.get(coordination.Lease, self._name, self._namespace))
        except StatusError as error:
            if error.code != NOT_FOUND:
                raise
            self._seen = None

    def _note(self, lease: coordination.Lease) -> None:
        """Remember the Lease, and by our own clock since when it looks like this."""
        if self._seen is None or self._seen.spec != lease.spec:
            self._seen_at_s = time.monotonic()
        self._seen = lease

    def _holder(self) -> str:
        spec = self._seen.spec if self._seen is not None else None
        return (spec.holderIdentity or "") if spec is not None else ""

    def _is_expired(self) -> bool:
        spec = self._seen.spec if self._seen is not None else None
        if spec is None or not spec.holderIdentity:
            return True
        return time.monotonic() - self._seen_at_s >= (spec.leaseDurationSeconds or self._lease_s)

    def _wanted(self) -> coordination.Lease:
        now = datetime.now(UTC)
        before = self._seen.spec if self._seen is not None else None
        spec = coordination.LeaseSpec(
            holderIdentity=self._identity,
            leaseDurationSeconds=max(1, round(self._lease_s)),
            acquireTime=now,
            renewTime=now,
            leaseTransitions=0,
        )
        if before is not None:
            is_ours = before.holderIdentity == self._identity
            spec.acquireTime = (before.acquireTime or now) if is_ours else now
            spec.leaseTransitions = (before.leaseTransitions or 0) + (0 if is_ours else 1)
        about = self._seen.metadata if self._seen is not None else None
        return coordination.Lease(
            metadata=about or meta.ObjectMeta(name=self._name, namespace=self._namespace), spec=spec
        )

    async def _release(self) -> None:
        """Let the next one start at once; when this fails they wait for the Lease to run out."""
        if self._seen is None or not self.is_leader:
            return
        lease = self._wanted()
        assert lease.spec is not None
        lease.spec.holderIdentity, lease.spec.leaseDurationSeconds = "", 1
        with suppress(StatusError, Unreachable):
            self._note(await self._client.update(lease))
