"""What the tests share: one API server for all of them, which loads the plugin as any server does."""

from itertools import count

import pytest
from kubernel.client import Client
from kubernel.testing.shared import client, shared_api_server
from tests.quota_calls import Namespace

__all__ = ["client", "shared_api_server"]

_numbers = count(1)


@pytest.fixture
async def namespace(client: Client) -> Namespace:
    """Return a namespace of the test's own."""
    name = f"quota-{next(_numbers)}"
    await client.request("POST", "/api/v1/namespaces", body={"metadata": {"name": name}})
    return Namespace(client, name)
