"""Raw watches for tests: events as plain JSON."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from tests.api.calls import Api

WATCH_LIST = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}


async def lines(api: Api, path: str, *, accept: str = "*/*", **query: str) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the events of a watch."""
    rest, query = b"", {"watch": "true", **query}
    async with aclosing(api.client.stream("GET", path, query=query, accept=accept)) as chunks:
        async for chunk in chunks:
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield json.loads(line)


async def first(api: Api, count: int, path: str, *, accept: str = "*/*", **query: str) -> list[dict[str, Any]]:
    """Return the first events of a watch."""
    events = []
    async with asyncio.timeout(10), aclosing(lines(api, path, accept=accept, **query)) as stream:
        async for event in stream:
            events.append(event)
            if len(events) == count:
                break
    return events


async def all_of(api: Api, path: str, *, accept: str = "*/*", **query: str) -> list[dict[str, Any]]:
    """Return every event of a watch that ends by itself."""
    async with asyncio.timeout(10):
        return [event async for event in lines(api, path, accept=accept, **query)]
