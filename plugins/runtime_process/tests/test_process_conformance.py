"""The process runtime keeps every promise of the contract, with namespaces and without."""

from pathlib import Path
from typing import Literal

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.runtime import CHECKS
from kubernel.plugin.contracts import Runtime
from kubernel_runtime_process.runtime import ProcessRuntime
from kubernel_runtime_process.settings import ProcessSettings


@pytest.mark.parametrize("isolation", ["auto", "plain"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_process_runtime(check: Check[Runtime], isolation: Literal["auto", "plain"], tmp_path: Path) -> None:
    await check.run(ProcessRuntime(ProcessSettings(isolation=isolation)), tmp_path)
