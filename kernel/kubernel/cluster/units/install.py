"""``spec.package``: let pip bring a driver that is not there, unless it would break what is.

pip installs first and complains about broken requirements afterwards. So it is asked for its plan, and the plan is
compared with what every installed distribution requires, before anything is written.
"""

import asyncio
import logging
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from kubernel.cluster.units.plan import Package
from kubernel.plugin.discovery import find

__all__ = ["InstallFailed", "clashes", "install"]

INSTALL_TIMEOUT_S = 300.0
"""A large wheel over a slow line; the old driver serves meanwhile."""

SHOWN_LINES = 3

_log = logging.getLogger("supervisor")


class InstallFailed(Exception):  # noqa: N818 - named after the condition
    """pip could not install the package, or would break another one."""


class _Metadata(msgspec.Struct):
    name: str
    version: str


class _Item(msgspec.Struct):
    metadata: _Metadata


class _Report(msgspec.Struct):
    """What is read of pip's installation report (its format has version 1)."""

    install: list[_Item]


async def install(package: Package) -> None:
    """Install the package unless its driver is there already.

    Raises:
        InstallFailed: With pip's own last lines, or with the requirements that would break.
    """
    if any(found.name == package.driver for found in find(package.role)):
        return
    if package.requirement.startswith("-"):
        raise InstallFailed(f"spec.package: {package.requirement!r} is an option of pip, not a package")
    report = await _pip("install", "--dry-run", "--report", "-", "--quiet", package.requirement)
    planned: dict[str, str] = {
        canonicalize_name(item.metadata.name): item.metadata.version
        for item in msgspec.json.decode(report, type=_Report).install
    }
    broken = clashes(planned, distributions())
    if broken:
        raise InstallFailed(f"installing {package.requirement!r} would break {'; '.join(broken)}")
    _log.info("installing %s: %s", package.requirement, ", ".join(f"{n} {v}" for n, v in planned.items()) or "nothing")
    await _pip("install", "--quiet", package.requirement)


def clashes(planned: Mapping[str, str], installed: Iterable[Distribution]) -> list[str]:
    """Name each installed distribution whose requirements the planned versions would break."""
    found: list[str] = []
    for distribution in installed:
        if canonicalize_name(distribution.name) in planned:
            continue  # it is replaced itself
        for text in distribution.requires or ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            version = planned.get(canonicalize_name(requirement.name))
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if version and applies and not requirement.specifier.contains(version, prereleases=True):
                found.append(
                    f"{distribution.name} {distribution.version}, which requires {requirement.name}"
                    f"{requirement.specifier}, by {requirement.name} {version}"
                )
    return sorted(set(found))


async def _pip(*arguments: str) -> bytes:
    options = ("--disable-pip-version-check", "--no-input")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pip", *arguments, *options,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        output, errors = await asyncio.wait_for(process.communicate(), INSTALL_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise InstallFailed(f"pip did not end within {INSTALL_TIMEOUT_S:g} s") from None
    if process.returncode:
        last = [line.strip() for line in errors.decode(errors="replace").splitlines() if line.strip()][-SHOWN_LINES:]
        raise InstallFailed(f"pip could not install it: {' '.join(last) or f'exit code {process.returncode}'}")
    return output
