"""Writes bindings, many at once, and finds out what became of each.

The question after a failure is always: is the pod bound or not? A clear refusal (4xx) is followed by a look at the
pod; when the answer is lost (no connection, 5xx) the same binding is repeated until there is a clear one. Meanwhile
the pod goes on counting on its node, so that no doubt ever leads to a node promised twice.
"""

import asyncio
import logging
from enum import Enum, auto

from kubernel.client import Client, Unreachable
from kubernel.client.backoff import Backoff
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.scheduler import PodInfo

__all__ = ["Binder", "Outcome"]

_DOUBT = Backoff(first_s=0.05, limit_s=5.0, jitter=0.5)
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500


class Outcome(Enum):
    """What became of a binding."""

    BOUND = auto()
    REFUSED = auto()
    GONE = auto()


class Binder:
    """Binds one pod at a time for each worker."""

    def __init__(self, client: Client, log: logging.Logger) -> None:
        self._client = client
        self._log = log

    async def bind(self, pod: PodInfo, node: str) -> tuple[Outcome, core.Pod | None]:
        """Bind the pod; returns what became of it and, when that was found out by looking, the pod as it is now."""
        metadata = meta_of(pod.pod)
        namespace, name = metadata.namespace or "", metadata.name or ""
        failures = 0
        while True:
            try:
                await self._client.bind(namespace, name, node, uid=metadata.uid)
            except StatusError as error:
                if not _is_doubtful(error):
                    self._log.info("binding %s to %s was refused: %s", pod.key, node, error)
                    return await self._look(pod)
                why: Exception = error
            except Unreachable as error:
                why = error
            else:
                return Outcome.BOUND, None
            failures += 1
            self._log.warning("binding %s to %s: %s; trying again", pod.key, node, why)
            await asyncio.sleep(_DOUBT.delay_s(failures))

    async def _look(self, pod: PodInfo) -> tuple[Outcome, core.Pod | None]:
        metadata = meta_of(pod.pod)
        failures = 0
        while True:
            try:
                seen = await self._client.get(core.Pod, metadata.name or "", metadata.namespace)
            except StatusError as error:
                if error.code == _NOT_FOUND:
                    return Outcome.GONE, None
            except Unreachable:
                pass
            else:
                return (Outcome.REFUSED, seen) if meta_of(seen).uid == metadata.uid else (Outcome.GONE, None)
            failures += 1
            await asyncio.sleep(_DOUBT.delay_s(failures))


def _is_doubtful(error: StatusError) -> bool:
    """Whether the error leaves open if the binding was written, or asks us to come again."""
    return error.code >= _SERVER_ERROR or error.code == _TOO_MANY
