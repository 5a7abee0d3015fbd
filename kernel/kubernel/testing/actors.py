"""An actor in the test's own process, over a real API server: what the plugin host does, without the process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kubernel.client import Client, EventRecorder
from kubernel.plugin.contracts import Actor, ActorContext

__all__ = ["running"]

_READY_S = 10.0
_STOP_S = 5.0
"""The contract's own limit for `Actor.run` to return."""


@asynccontextmanager
async def running(actor: Actor, client: Client, data: Path) -> AsyncIterator[None]:
    """Run the actor while the body runs; enters when it is ready, and leaves when it has stopped.

    Args:
        actor: Constructed and not started.
        client: Stays open.
        data: The actor's own directory.

    Raises:
        TimeoutError: It did not become ready, or did not stop within the contract's five seconds.
        Exception: Whatever the actor raised.
    """
    component = actor.info.name
    recorder = EventRecorder(client, component)
    ready, stopping = asyncio.Event(), asyncio.Event()
    context = ActorContext(client, recorder, logging.getLogger(component), data, ready.set, stopping)
    run, events = asyncio.create_task(actor.run(context)), asyncio.create_task(recorder.run())
    awaited = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({run, awaited}, timeout=_READY_S, return_when=asyncio.FIRST_COMPLETED)
        if run.done():
            run.result()
        if not ready.is_set():
            raise TimeoutError(f"the {component} actor was not ready within {_READY_S:g} s")
        yield
        stopping.set()
        await asyncio.wait_for(run, _STOP_S)
        await asyncio.wait_for(recorder.flush(), _STOP_S)
    finally:
        for task in (run, events, awaited):
            task.cancel()
        await asyncio.gather(run, events, awaited, return_exceptions=True)
