"""What this machine is and how it is, read from the kernel."""

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Machine", "Pressure", "measure_pressure", "read_machine"]

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
_MEMORY_LOW_BYTES = 100 * 1024 * 1024
"""The kubelet's default threshold (``memory.available<100Mi``)."""
_DISK_LOW_SHARE = 0.1
"""The kubelet's default threshold (``nodefs.available<10%``)."""
_PIDS_LOW_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Machine:
    """What does not change while the machine runs."""

    cpu_cores: int
    memory_bytes: int
    architecture: str
    kernel_version: str
    os_image: str
    machine_id: str
    boot_id: str


@dataclass(frozen=True, slots=True)
class Pressure:
    """What is scarce now."""

    memory: bool
    disk: bool
    pids: bool


def read_machine() -> Machine:
    """Read what this machine is."""
    system = os.uname()
    return Machine(
        cpu_cores=len(os.sched_getaffinity(0)),
        memory_bytes=_memory_bytes("MemTotal"),
        architecture=_ARCHITECTURES.get(system.machine, system.machine),
        kernel_version=system.release,
        os_image=_os_image(),
        machine_id=_line("/etc/machine-id"),
        boot_id=_line("/proc/sys/kernel/random/boot_id"),
    )


def measure_pressure(data: Path) -> Pressure:
    """Measure what is scarce; ``data`` lies on the disk that matters."""
    usage = shutil.disk_usage(data)
    processes = int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    limit = int(_line("/proc/sys/kernel/pid_max") or 0) or 32768
    return Pressure(
        memory=_memory_bytes("MemAvailable") < _MEMORY_LOW_BYTES,
        disk=usage.free < usage.total * _DISK_LOW_SHARE,
        pids=processes > limit * (1 - _PIDS_LOW_SHARE),
    )


def _memory_bytes(name: str) -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0]) * 1024
    return 0


def _os_image() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return "Linux"


def _line(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
