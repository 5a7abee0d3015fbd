from pathlib import Path

import pytest
from kubernel.plugin.conformance import Check, check_driver, run_checks, suite_of
from kubernel.plugin.contracts import ROLES, Plugin, PluginInfo


class Idle(Plugin):
    info = PluginInfo("any", "Does nothing.")


async def _passes(_driver: Idle, workspace: Path) -> None:
    (workspace / "mark").touch()


async def _fails(_driver: Idle, _workspace: Path) -> None:
    raise AssertionError("gave 3, not 4")


async def _fails_without_words(_driver: Idle, workspace: Path) -> None:
    assert workspace.name == "other"


async def _breaks(_driver: Idle, _workspace: Path) -> None:
    raise KeyError("x")


async def test_each_check_becomes_a_finding(tmp_path: Path) -> None:
    checks = [Check("works", _passes), Check("counts", _fails), Check("breaks", _breaks)]

    findings = [finding async for finding in run_checks(checks, Idle(), tmp_path)]

    assert [(finding.check, finding.passed) for finding in findings] == [
        ("works", True),
        ("counts", False),
        ("breaks", False),
    ]
    assert findings[1].message == "gave 3, not 4"
    assert findings[2].message.startswith("raised KeyError: 'x' (test_conformance_frame.py:")


async def test_a_bare_assert_says_where(tmp_path: Path) -> None:
    findings = [finding async for finding in run_checks([Check("x", _fails_without_words)], Idle(), tmp_path)]

    assert "test_conformance_frame.py" in findings[0].message or "other" in findings[0].message


async def test_each_check_has_an_empty_directory(tmp_path: Path) -> None:
    checks = [Check("one", _passes), Check("two", _passes)]

    [_ async for _ in run_checks(checks, Idle(), tmp_path)]

    assert [(tmp_path / name / "mark").is_file() for name in ("00", "01")] == [True, True]


async def test_a_role_without_a_suite_has_no_findings(tmp_path: Path) -> None:
    assert await check_driver("controller", Idle(), tmp_path) == []


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.name in {"scheduler", "proxy"}])
def test_the_suites_of_the_drivers_are_found_by_their_role(role: str) -> None:
    assert suite_of(role)


@pytest.mark.parametrize("role", ["check", "nosuch", "os.path", ""])
def test_only_a_role_names_a_suite(role: str) -> None:
    assert not suite_of(role)
