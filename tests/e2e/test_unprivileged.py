"""Everything of the embedded default works for a user without any privilege."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster
from tests.e2e.unprivileged import NOBODY, as_nobody

ROOT = Path(__file__).parents[2]
DEMO_TIMEOUT_S = 110


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that belongs to nobody, under a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="nobody-") as path:
        os.chown(path, NOBODY, NOBODY)
        yield Path(path)


@pytest.mark.component("root")
@pytest.mark.component("setpriv")
def test_the_demo_runs_as_nobody(home: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}
    command = [*as_nobody(), sys.executable, str(ROOT / "examples" / "demo.py")]

    done = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, timeout=DEMO_TIMEOUT_S, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "all 4 answered" in done.stdout
    assert not list(home.glob("kubernel-demo-*")), "the demo cleans up after itself"


@pytest.mark.component("root")
@pytest.mark.component("setpriv")
def test_up_names_a_directory_that_may_not_be_written(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o755)
    cluster = Cluster(closed / "data", as_nobody())

    said = cluster.refusal("kubernel", "up", "--detach", "--port", str(cluster.port))

    assert re.fullmatch(r"error: .*closed.*\n", said), "one line that names the path"
