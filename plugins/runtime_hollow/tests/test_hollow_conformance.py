"""The hollow runtime keeps every promise of the contract that needs no container."""

from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.runtime import CHECKS
from kubernel.plugin.contracts import Runtime
from kubernel_runtime_hollow import HollowRuntime


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_hollow_runtime(check: Check[Runtime], tmp_path: Path) -> None:
    await check.run(HollowRuntime(), tmp_path)
