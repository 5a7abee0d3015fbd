"""Discovery: which plugins are installed, without importing any of them.

A distribution announces a plugin with an entry point in the group ``kubernel.<role>``. Reading them all takes a few
milliseconds, so nothing is kept between calls: what pip installed or removed while the cluster runs is seen at once
(decision 0012 says why stevedore's own cache is not used). Loading is the next step (`loading`).
"""

import importlib
import site
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

__all__ = ["Found", "describe", "find", "refresh_import_path"]

PREFIX = "kubernel."


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One installed plugin.

    Attributes:
        role: The role that it announces itself for.
        name: The entry point's name, by which ``kubernel plugin use`` calls it.
        distribution: The pip distribution that it came with; empty when its metadata is broken.
        version: That distribution's version.
        target: ``module:attribute`` of the plugin's class.
    """

    role: str
    name: str
    distribution: str
    version: str
    target: str


def find(*roles: str) -> list[Found]:
    """Return the installed plugins of these roles (of every role that is announced when none is named), sorted.

    Two entries of the same role and name are a conflict, which `loading.load_driver` refuses.
    """
    installed = entry_points()
    groups = {f"{PREFIX}{role}" for role in roles} or {name for name in installed.groups if name.startswith(PREFIX)}
    return sorted(describe(point) for group in groups for point in _distinct(installed.select(group=group)))


def describe(point: EntryPoint) -> Found:
    """Return what an entry point of a role's group announces."""
    role, distribution = point.group.removeprefix(PREFIX), point.dist
    if distribution is None:
        return Found(role, point.name, "", "", point.value)
    return Found(role, point.name, distribution.name, distribution.version, point.value)


def refresh_import_path() -> None:
    """Make importable what was installed since this process, or the one that it was forked from, started.

    A wheel needs only the finders' caches cleared; an editable install also brings a ``.pth`` file, which the
    interpreter otherwise reads at its start only.
    """
    importlib.invalidate_caches()
    if _path_files() != _PATH_FILES_AT_START:
        site.addsitedir(sysconfig.get_path("purelib"))


def _path_files() -> frozenset[tuple[str, int]]:
    directory = Path(sysconfig.get_path("purelib"))
    return frozenset((file.name, file.stat().st_mtime_ns) for file in directory.glob("*.pth"))


_PATH_FILES_AT_START = _path_files()


def _distinct(points: Iterable[EntryPoint]) -> Iterable[EntryPoint]:
    """Leave out repetitions: one distribution may be found twice when its source tree is on the path as well."""
    return {(point.name, point.value, point.dist.name if point.dist else ""): point for point in points}.values()
