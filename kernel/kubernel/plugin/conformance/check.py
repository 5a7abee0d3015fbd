"""The frame of the conformance kit: a role's contract, turned into checks that any driver can be put to.

A suite is the module of the role's name beside this one. It holds ``CHECKS``, and each check is a coroutine that
uses a freshly constructed driver as the host would, and raises `AssertionError` with a sentence when the driver
breaks the contract. The same checks serve three readers: ``kubernel plugin check``, a plugin's own tests, and the
supervisor, which puts a new driver to the quick ones before it may replace a running one.
"""

import asyncio
import importlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar

from kubernel.plugin.contracts import Plugin, role_named

__all__ = ["Check", "Finding", "check_driver", "run_checks", "suite_of"]

D = TypeVar("D", bound=Plugin)

CHECK_TIMEOUT_S = 30.0
"""A driver that does not come back within this time hangs; the slowest first-party check takes about a second."""


@dataclass(frozen=True, slots=True)
class Check(Generic[D]):
    """One promise of a contract.

    Attributes:
        name: A sentence without a full stop, such as ``never puts more on a node than it has``.
        run: Gets the driver and an empty directory of its own; raises `AssertionError` with a sentence.
            It starts what it needs and stops it again, also when it fails.
        quick: Whether a live swap runs it: it ends in well under a second and touches nothing outside its directory.
    """

    name: str
    run: Callable[[D, Path], Awaitable[None]]
    quick: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check; ``message`` is empty when it passed."""

    check: str
    passed: bool
    message: str = ""


def suite_of(role: str) -> Sequence[Check[Any]]:
    """Return the role's checks; empty for a role whose contract has none beyond its form."""
    name = f"{__package__}.{role}"
    if role_named(role) is None or find_spec(name) is None:
        return ()
    checks: Sequence[Check[Any]] = importlib.import_module(name).CHECKS
    return checks


async def run_checks(checks: Sequence[Check[D]], driver: D, workspace: Path) -> AsyncIterator[Finding]:
    """Put a driver to the checks, one after the other, and yield a finding for each.

    Args:
        checks: What to run.
        driver: The driver; every check gets the same one, so a check leaves it as it found it.
        workspace: An existing directory; each check gets a new one inside it.
    """
    for number, check in enumerate(checks):
        directory = workspace / f"{number:02d}"
        directory.mkdir(mode=0o700)
        yield await _run(check, driver, directory)


async def check_driver(role: str, driver: Plugin, workspace: Path, *, quick: bool = False) -> list[Finding]:
    """Put a driver to its role's suite.

    Args:
        role: The role's name, such as ``scheduler``.
        driver: The constructed driver, not started.
        workspace: An existing directory that the checks may fill.
        quick: Only the checks that a live swap waits for.
    """
    checks = [check for check in suite_of(role) if check.quick or not quick]
    return [finding async for finding in run_checks(checks, driver, workspace)]


async def _run(check: Check[D], driver: D, directory: Path) -> Finding:
    try:
        await asyncio.wait_for(check.run(driver, directory), CHECK_TIMEOUT_S)
    except TimeoutError:
        return Finding(check.name, passed=False, message=f"did not come back within {CHECK_TIMEOUT_S:g} s")
    except AssertionError as error:
        return Finding(check.name, passed=False, message=str(error) or _where(error))
    except Exception as error:  # noqa: BLE001 - whatever a foreign driver raises is a finding
        return Finding(check.name, passed=False, message=f"raised {type(error).__name__}: {error} ({_where(error)})")
    return Finding(check.name, passed=True)


def _where(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}: {frame.line}"
