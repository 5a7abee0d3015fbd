"""The scheduler page's code is a scheduler: it runs, and it keeps every promise of the contract."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kubernel.plugin.conformance import check_driver
from kubernel.plugin.contracts import NoSettings, Scheduler

PAGE = Path(__file__).parents[2] / "docs" / "plugins" / "scheduler.md"
LINES_MAX = 30


def code_of(page: Path) -> str:
    match = re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert match, f"{page.name} has no Python block"
    return match[1]


def scheduler_of(code: str) -> Callable[[NoSettings], Scheduler]:
    names: dict[str, Any] = {}
    exec(compile(code, PAGE.name, "exec"), names)
    classes = [value for value in names.values() if isinstance(value, type) and issubclass(value, Scheduler)]
    (found,) = set(classes) - {Scheduler}
    constructor: Callable[[NoSettings], Scheduler] = found
    return constructor


async def test_the_scheduler_of_the_page_passes_the_conformance_kit(tmp_path: Path) -> None:
    driver = scheduler_of(code_of(PAGE))(NoSettings())

    findings = await check_driver("scheduler", driver, tmp_path)

    assert [finding for finding in findings if not finding.passed] == []
    assert len(findings) > 10


def test_the_scheduler_of_the_page_has_the_promised_length() -> None:
    written = [line for line in code_of(PAGE).splitlines() if line.strip()]

    assert len(written) <= LINES_MAX


def test_the_page_names_everything_that_the_toolkit_is_made_of() -> None:
    from kubernel.plugin import scheduling  # noqa: PLC0415 - only its names are needed

    functions = {name for name in scheduling.__all__ if not name.isupper()}
    missing = {name for name in functions if name not in PAGE.read_text()}

    assert missing == set()
