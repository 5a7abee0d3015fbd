"""What the quota controller's tests share: a real API server and the running controller."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.testing.actors import running
from kubernel.testing.fixtures import api_server, client
from kubernel_controller_resourcequota import ResourceQuotaController, ResourceQuotaSettings

__all__ = ["api_server", "client", "controller"]


@pytest.fixture
async def controller(client: Client, tmp_path: Path) -> AsyncIterator[None]:
    """Run the controller during the test."""
    async with running(ResourceQuotaController(ResourceQuotaSettings(look_again_s=0.2)), client, tmp_path):
        yield
