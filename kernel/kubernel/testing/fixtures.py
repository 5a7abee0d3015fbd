"""Pytest fixtures over `ApiServer`."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kubernel.client import Client
from kubernel.testing.server import ApiServer

__all__ = ["api_server", "client"]


@pytest.fixture
def api_server(tmp_path: Path) -> Iterator[ApiServer]:
    """Yield a fresh API server."""
    data = tmp_path / "api"
    data.mkdir()
    with ApiServer(data) as server:
        yield server


@pytest.fixture
async def client(api_server: ApiServer) -> AsyncIterator[Client]:
    """Yield a client of `api_server`."""
    async with api_server.client() as client:
        yield client
