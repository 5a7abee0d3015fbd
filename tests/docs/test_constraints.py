"""The constraints pin every third-party library that runs here, once, and say nothing of where it comes from."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
# What makes the environment itself, and what an interpreter of another minor version may or may not need.
UNPINNED = {"pip", "setuptools", "wheel"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.usefixtures("settled_environment")
def test_constraints_pin_each_installed_library_once() -> None:
    lines = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("#")]
    pinned = [_normal(line.partition("==")[0]) for line in lines]
    installed = {_normal(found.name) for found in distributions()}

    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert len(pinned) == len(set(pinned))
    assert {name for name in installed if not name.startswith("kubernel")} - UNPINNED <= set(pinned)
