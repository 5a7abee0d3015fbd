"""The loopback network keeps every promise of the contract."""

from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.network import CHECKS
from kubernel.plugin.contracts import Network
from kubernel_network_loopback import LoopbackNetwork


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_loopback_network(check: Check[Network], tmp_path: Path) -> None:
    await check.run(LoopbackNetwork(), tmp_path)
