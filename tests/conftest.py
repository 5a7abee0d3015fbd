"""Fixtures that several rooms' tests share."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """Yield an empty shelf; the modules that a test loaded from it are forgotten afterwards."""
    path = tmp_path / "shelf"
    path.mkdir()
    monkeypatch.syspath_prepend(path)
    before = set(sys.modules)
    yield Shelf(path)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(path)):
            del sys.modules[name]


@contextmanager
def _environment(mode: int) -> Iterator[None]:
    """Hold the lock of the environment that all test processes share."""
    with (Path(sys.prefix) / ".tests.lock").open("w") as file:
        fcntl.flock(file, mode)
        yield


@pytest.fixture
def changed_environment() -> Iterator[None]:
    """For a test that installs something into the environment: nobody looks at it meanwhile."""
    with _environment(fcntl.LOCK_EX):
        yield


@pytest.fixture
def settled_environment() -> Iterator[None]:
    """For a test that says what is installed: nobody installs anything meanwhile."""
    with _environment(fcntl.LOCK_SH):
        yield
