"""The template's own page, followed to the letter: copy, rename, install, check."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the template, made with the commands of its README."""
    place = tmp_path_factory.mktemp("tree")
    (place / "plugins").mkdir()
    shutil.copytree(
        ROOT / "plugins/_template", place / "plugins/_template", ignore=shutil.ignore_patterns("__pycache__")
    )
    match = BLOCK.search((ROOT / "plugins/_template/README.md").read_text())
    assert match is not None
    subprocess.run(["sh", "-eu", "-c", match[1]], cwd=place, check=True)
    return place / "my-scheduler"


@pytest.fixture(scope="module")
def installed(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, built and installed into a directory of its own."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(copy)], check=True)
    return target


def _run(installed: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_nothing_of_the_old_name_is_left(copy: Path) -> None:
    names = [str(path.relative_to(copy)) for path in copy.rglob("*")]
    texts = [path.read_text() for path in copy.rglob("*") if path.is_file()]

    assert "template" not in " ".join(names + texts).lower().replace("plugins/_template", "")


def test_the_copy_passes_the_conformance_kit(installed: Path) -> None:
    kubernel = Path(sys.executable).parent / "kubernel"

    done = _run(installed, str(kubernel), "plugin", "check", "scheduler", "mine")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout


def test_the_copys_own_tests_pass(installed: Path, copy: Path) -> None:
    options = [
        "-q",
        "--rootdir",
        str(copy),
        "-c",
        str(ROOT / "pyproject.toml"),
        "--override-ini",
        "addopts=",
        "-p",
        "no:cacheprovider",
    ]

    done = _run(installed, sys.executable, "-m", "pytest", *options, str(copy / "tests"))

    assert done.returncode == 0, done.stdout + done.stderr
