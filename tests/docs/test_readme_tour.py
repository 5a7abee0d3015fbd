"""The tour in the README is true: its commands run, and print what it shows."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import BIN, Cluster

README = Path(__file__).parents[2] / "README.md"
VARIES = [
    (re.compile(r"nifty-rc-[a-z0-9]{5}"), "nifty-rc-?????"),
    (re.compile(r"https://[\d.:]+"), "https://?"),
    (re.compile(r"node-\d"), "node-?"),
    (re.compile(r"\b127\.\d+\.\d+\.\d+"), "127.?"),
    (re.compile(r"\b\d+(\.\d+)? ?s\b"), "? s"),
    (re.compile(r"(/[\w.-]+)+/\.kubernel"), "~/.kubernel"),
    (re.compile(r" +"), " "),
]


def _tour() -> Iterator[tuple[str, list[str]]]:
    """Yield each command with the lines that follow it."""
    command, lines = "", list[str]()
    for block in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, lines
                command, lines = line.removeprefix("$ "), []
            else:
                lines.append(line)
    yield command, lines


def _masked(text: str) -> list[str]:
    for pattern, replacement in VARIES:
        text = pattern.sub(replacement, text)
    return [line.rstrip() for line in text.splitlines()]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Cluster]:
    """A home directory; what the tour starts in it is stopped."""
    cluster = Cluster(tmp_path / ".kubernel")
    yield cluster
    cluster.kill_everything()


@pytest.mark.component("curl")
@pytest.mark.usefixtures("settled_environment")
def test_the_tour_prints_what_the_readme_shows(home: Cluster) -> None:
    # The tour starts at the usual port; a test takes one that is free.
    started = f"kubernel up --detach --port {home.port}"
    environment = {**home.environment, "HOME": str(home.data.parent), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    for variable in ("KUBERNEL_DATA", "KUBECONFIG"):
        del environment[variable]
    script = "set -e\n"
    for command, _ in _tour():
        script += f"echo '$ '\n{command.replace('kubernel up --detach', started)}\n"

    done = subprocess.run(
        ["bash", "-c", script], env=environment, cwd=README.parent, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    printed = [_masked(part) for part in done.stdout.split("$ \n")[1:]]
    assert printed == [_masked("\n".join(lines)) for _, lines in _tour()]
