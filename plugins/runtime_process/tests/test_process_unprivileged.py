"""Everything works for a user without any privilege, also when the suite itself runs as root."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.e2e.unprivileged import NOBODY, as_nobody

SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from kubernel.plugin.conformance import check_driver
from kubernel_runtime_process.runtime import ProcessRuntime
driver = ProcessRuntime()
findings = asyncio.run(check_driver("runtime", driver, Path(sys.argv[1])))
level = str(driver.isolation.level)
print(json.dumps({"level": level, "failed": [f"{f.check}: {f.message}" for f in findings if not f.passed]}))
"""


@pytest.fixture
def workspace() -> Iterator[Path]:
    """Yield a directory of the unprivileged user's own; pytest's are closed to others."""
    directory = Path(mkdtemp(prefix="kubernel-nobody-"))
    os.chown(directory, NOBODY, NOBODY)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.component("root", "setpriv")
def test_runtime_keeps_its_promises_for_nobody(workspace: Path) -> None:
    done = subprocess.run(
        [*as_nobody(), sys.executable, "-c", SCRIPT, str(workspace)],
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd="/",
    )

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["level"] in ("user-namespaces", "plain")
    assert report["failed"] == []
