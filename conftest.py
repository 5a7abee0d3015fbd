"""What every test of the repository has: the kernel's own fixtures, and the marker ``component``.

``@pytest.mark.component("iptables")`` says that a test needs a real component which pip cannot bring. Where it is
missing the test is skipped and listed with the reason at the end; with ``CI=true`` it fails instead, because a
continuous integration that silently skips proves nothing.
"""

import functools
import os

import pytest

from tests.install_components import is_there, table  # a namespace over every folder `tests`, not the first one's

pytest_plugins = ["kubernel.testing.fixtures"]

ABSENT = "absent component"


@functools.cache
def _why_absent(name: str) -> str:
    """Return a sentence, or nothing when the component is there."""
    entry = table()[name]
    if is_there(entry["check"]):
        return ""
    packages = " ".join(entry["apt"])
    if "deb" in entry or "npm" in entry:
        cure = "python tests/install_components.py"
    else:
        cure = f"apt install {packages}" if packages else "run the tests as root"
    return f"{name} is not there ({entry['check']!r} fails): {cure}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or in CI fail, a test whose component is missing."""
    for marker in item.iter_markers("component"):
        for name in marker.args:
            if reason := _why_absent(name):
                if os.environ.get("CI") == "true":
                    pytest.fail(f"CI must have every component: {reason}", pytrace=False)
                # A property of the report, because another process may have run the test.
                item.user_properties.append((ABSENT, reason))
                pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped for want of a component, after everything else."""
    absent: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        for name, reason in report.user_properties:
            if name == ABSENT:
                absent.setdefault(reason, []).append(report.nodeid)
    if not absent:
        return
    terminalreporter.section("skipped for want of a component")
    for reason, skipped in sorted(absent.items()):
        terminalreporter.line(f"{len(skipped)} tests: {reason}")
        for test in skipped:
            terminalreporter.line(f"    {test}")
