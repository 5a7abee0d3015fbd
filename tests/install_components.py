"""Bring the real components that the tests need, where that is possible: as root, with apt.

Reads ``components.toml``; the tests' marker reads the same table, so what cannot be installed here is skipped there
with its reason. Never fails: a machine without root or without a package mirror runs the other tests.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

COMPONENTS = Path(__file__).with_name("components.toml")


def _is_there(check: str) -> bool:
    words = shlex.split(check)
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _missing_packages() -> list[str]:
    table = tomllib.loads(COMPONENTS.read_text())
    wanted = {package for entry in table.values() if not _is_there(entry["check"]) for package in entry["apt"]}
    return sorted(wanted)


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def main() -> None:
    """Install what is missing and say in one line what was done."""
    packages = _missing_packages()
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stdout.write(f"Not root, or no apt: tests that need {', '.join(packages)} will be skipped.\n")
        return
    sys.stdout.write(f"Installing {', '.join(packages)} …\n")
    sys.stdout.flush()
    if not (_apt_get("update") and _apt_get("install", "--no-install-recommends", "-y", *packages)):
        sys.stdout.write(f"apt could not install {', '.join(packages)}; their tests will be skipped.\n")


if __name__ == "__main__":
    main()
