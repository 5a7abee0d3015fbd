"""The scheduler keeps every promise of the contract, with either order of names."""

from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check
from kubernel.plugin.conformance.scheduler import CHECKS
from kubernel.plugin.contracts import Scheduler
from kubernel_scheduler_template import TemplateScheduler, TemplateSettings


@pytest.mark.parametrize("largest_first", [False, True])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
async def test_template_scheduler(check: Check[Scheduler], largest_first: bool, tmp_path: Path) -> None:
    await check.run(TemplateScheduler(TemplateSettings(largest_first)), tmp_path)
