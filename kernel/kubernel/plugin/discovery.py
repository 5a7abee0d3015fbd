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

__all__ = ["Found", "find", "refresh_import_path"]

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
    return sorted(
        _found(role, point)
        for role in roles or (group.removeprefix(PREFIX) for group in installed.groups if group.startswith(PREFIX))
        for point in _of_role(installed.select(group=f"{PREFIX}{role}"))
    )


def refresh_import_path() -> None:
    """Make importable what was installed since this process started.

    A wheel needs only the finders' caches cleared; an editable install also brings a ``.pth`` file, which the
    interpreter otherwise reads at its start only.
    """
    importlib.invalidate_caches()
    site.addsitedir(sysconfig.get_path("purelib"))


def _of_role(points: Iterable[EntryPoint]) -> Iterable[EntryPoint]:
    """Leave out repetitions: one distribution may be found twice when its source tree is on the path as well."""
    return {(point.name, point.value, point.dist.name if point.dist else ""): point for point in points}.values()


def _found(role: str, point: EntryPoint) -> Found:
    distribution = point.dist
    if distribution is None:
        return Found(role, point.name, "", "", point.value)
    return Found(role, point.name, distribution.name, distribution.version, point.value)
