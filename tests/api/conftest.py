"""One API server for a module's tests; each test has a namespace of its own."""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest
from kubernel.client import Client
from kubernel.testing import ApiServer

from tests.api.calls import Api

_numbers = count(1)


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Yield a server that the tests of one module share."""
    with ApiServer(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture
async def api(shared_server: ApiServer) -> AsyncIterator[Api]:
    """Yield a client with a fresh namespace."""
    client: Client
    async with shared_server.client() as client:
        api = Api(client, f"test-{next(_numbers)}")
        await api.post("/api/v1/namespaces", {"metadata": {"name": api.namespace}})
        yield api
