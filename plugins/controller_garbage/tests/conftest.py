"""What the garbage collector's tests share: a real API server, the running collector, and owners with dependents."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.testing.actors import running
from kubernel.testing.fixtures import api_server, client
from kubernel_controller_garbage import GarbageController, GarbageSettings

__all__ = ["api_server", "client", "collector"]


@pytest.fixture
async def collector(client: Client, tmp_path: Path) -> AsyncIterator[None]:
    """Run the collector during the test."""
    async with running(GarbageController(GarbageSettings(look_again_s=0.2)), client, tmp_path):
        yield
