"""Two connections joined: what comes in at one goes out at the other, until either ends.

The side that is slow holds the other one up, and nobody else: each direction waits for its own writer.
"""

import asyncio
from contextlib import suppress

__all__ = ["End", "join"]

End = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_CHUNK_BYTES = 2**16


async def join(one: End, other: End) -> None:
    """Pass bytes between two connections until one of them ends; both are closed afterwards."""
    both = [
        asyncio.create_task(_copy(one[0], other[1]), name="tunnel-up"),
        asyncio.create_task(_copy(other[0], one[1]), name="tunnel-down"),
    ]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        for _, writer in (one, other):
            writer.close()  # what was written before goes out first


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # the other side went away: so do we
        while data := await reader.read(_CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
