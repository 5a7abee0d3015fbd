"""Limits through control groups, where this process may make some; elsewhere containers run without limits.

Version 2 needs a delegated subtree (systemd: ``Delegate=yes``) or root; version 1 needs root. One group a
container, made before it starts, removed with it.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ControlGroups", "Limits"]

_CPU_PERIOD_US = 100_000
_ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may use; ``None`` is unlimited."""

    cpu_millicores: int | None
    memory_bytes: int | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is limited."""
        return self.cpu_millicores is None and self.memory_bytes is None


class ControlGroups:
    """Makes and removes the groups of containers; knows which controllers this process may use."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._unified: Path | None = None
        self._memory: Path | None = None
        self._cpu: Path | None = None
        self._told = False
        self._find()

    @property
    def summary(self) -> str:
        """Which limits take effect, in words."""
        if self._unified:
            return "memory and cpu limits by cgroup v2"
        enforced = [name for name, place in (("memory", self._memory), ("cpu", self._cpu)) if place]
        return f"{' and '.join(enforced)} limits by cgroup v1" if enforced else "no limits: cgroups are not writable"

    def make(self, name: str, limits: Limits) -> tuple[str, ...]:
        """Make a container's groups; returns the ``cgroup.procs`` files that it must join, none if unlimited."""
        if limits.is_empty:
            return ()
        joined: list[str] = []
        try:
            if self._unified:
                joined.append(self._make(self._unified / name, self._unified_settings(limits)))
            if self._memory and limits.memory_bytes:
                settings = {"memory.limit_in_bytes": str(limits.memory_bytes)}
                joined.append(self._make(self._memory / name, settings))
            if self._cpu and limits.cpu_millicores:
                quota = str(limits.cpu_millicores * _CPU_PERIOD_US // 1000)
                joined.append(self._make(self._cpu / name, {"cpu.cfs_quota_us": quota}))
        except OSError as error:
            self._log.warning("limits of container %s do not take effect: %s", name, error)
        if not joined and not self._told:
            self._told = True
            self._log.info("resource limits do not take effect: cgroups are not writable here")
        return tuple(joined)

    def was_out_of_memory(self, name: str) -> bool:
        """Whether the kernel killed a process of this container for its memory limit."""
        for base, file in ((self._unified, "memory.events"), (self._memory, "memory.oom_control")):
            if base is None:
                continue
            with suppress(OSError):
                for line in (base / name / file).read_text().splitlines():
                    key, _, value = line.partition(" ")
                    if key == "oom_kill" and value != "0":
                        return True
        return False

    def remove(self, name: str) -> None:
        """Remove a container's groups, which must be empty of processes; nothing happens when there are none."""
        for base in (self._unified, self._memory, self._cpu):
            if base is not None:
                with suppress(OSError):
                    (base / name).rmdir()

    def close(self) -> None:
        """Remove our part of the tree, unless containers go on in it."""
        for base in (self._unified, self._memory, self._cpu):
            if base is not None:
                with suppress(OSError):
                    base.rmdir()

    def _find(self) -> None:
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == "" and (_ROOT / "cgroup.controllers").exists():
                self._unified = self._delegated(_ROOT / path[1:])
            elif controllers == "memory":
                self._memory = self._writable(_ROOT / "memory" / path[1:])
            elif "cpu" in controllers.split(","):
                self._cpu = self._writable(_ROOT / "cpu" / path[1:])

    def _delegated(self, own: Path) -> Path | None:
        # Processes may only live in leaves, so when our own group holds processes, its parent must do.
        for base in (own, own.parent):
            if not base.is_relative_to(_ROOT):
                continue
            with suppress(OSError):
                (base / "cgroup.subtree_control").write_text("+memory +cpu")
                group = base / "kubernel"
                group.mkdir(exist_ok=True)
                (group / "cgroup.subtree_control").write_text("+memory +cpu")
                return group
        return None

    @staticmethod
    def _writable(own: Path) -> Path | None:
        with suppress(OSError):
            group = own / "kubernel"
            group.mkdir(exist_ok=True)
            return group
        return None

    @staticmethod
    def _make(group: Path, settings: dict[str, str]) -> str:
        group.mkdir(exist_ok=True)
        for file, value in settings.items():
            (group / file).write_text(value)
        return str(group / "cgroup.procs")

    @staticmethod
    def _unified_settings(limits: Limits) -> dict[str, str]:
        settings: dict[str, str] = {}
        if limits.memory_bytes:
            settings["memory.max"] = str(limits.memory_bytes)
        if limits.cpu_millicores:
            settings["cpu.max"] = f"{limits.cpu_millicores * _CPU_PERIOD_US // 1000} {_CPU_PERIOD_US}"
        return settings
