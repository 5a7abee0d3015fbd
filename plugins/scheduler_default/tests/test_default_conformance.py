"""The default scheduler keeps every promise of the contract."""

from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.scheduler import CHECKS
from kubernel.plugin.contracts import Scheduler
from kubernel_scheduler_default import DefaultScheduler, DefaultSettings


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_default_scheduler(check: Check[Scheduler], tmp_path: Path) -> None:
    await check.run(DefaultScheduler(DefaultSettings()), tmp_path)
