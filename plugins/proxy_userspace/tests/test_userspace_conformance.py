"""The userspace proxy keeps every promise of the contract."""

from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.proxy import CHECKS
from kubernel.plugin.contracts import Proxy
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_userspace_proxy(check: Check[Proxy], tmp_path: Path) -> None:
    await check.run(UserspaceProxy(UserspaceSettings()), tmp_path)
