"""Pytest fixtures over one API server for many tests, swept after each: a fresh server would cost a second a test.

A test that kills or restarts its server asks for ``api_server`` too, and then has one of its own.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from kubernel.client import Client
from kubernel.objects.kinds import CONFIG_MAP, ENDPOINTS, EVENT, LEASE, NODE, POD, REPLICATION_CONTROLLER, SERVICE
from kubernel.testing.fixtures import api_server
from kubernel.testing.server import ApiServer

__all__ = ["api_server", "client", "shared_api_server"]

_AT_ONCE = msgspec.json.encode({"gracePeriodSeconds": 0, "propagationPolicy": "Background"})
_NAMESPACES = ("default", "kube-node-lease")
_SWEPT = (REPLICATION_CONTROLLER, SERVICE, ENDPOINTS, POD, CONFIG_MAP, LEASE, EVENT)


@pytest.fixture(scope="session")
def shared_api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Yield an API server that many tests use."""
    data: Path = tmp_path_factory.mktemp("shared-api")
    with ApiServer(data) as server:
        yield server


@pytest.fixture
async def client(request: pytest.FixtureRequest, shared_api_server: ApiServer) -> AsyncIterator[Client]:
    """Yield a client of the test's own server if it has one, else of the shared one, which is swept afterwards."""
    if "api_server" in request.fixturenames:
        own: ApiServer = request.getfixturevalue("api_server")
        async with own.client() as client:
            yield client
        return
    async with shared_api_server.client() as client:
        yield client
        await _sweep(client)


async def _sweep(client: Client) -> None:
    for kind in _SWEPT:
        for namespace in _NAMESPACES:
            await client.request("DELETE", kind.path(namespace), body=_AT_ONCE)
    await client.request("DELETE", NODE.path(), body=_AT_ONCE)
