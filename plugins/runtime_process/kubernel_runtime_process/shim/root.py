"""What a container sees as ``/``: the image's root with the volumes in their places.

Runs in the child between fork and exec, in a mount namespace that is the child's alone.
"""

import os
from contextlib import suppress
from pathlib import Path

from kubernel_runtime_process.shim import linux
from kubernel_runtime_process.shim.messages import Launch, LaunchMount

__all__ = ["RootFailed", "build_root"]

_PRIVATE_DIRECTORIES = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - of the container, on memory of its own
_KERNEL_DIRECTORIES = ("/dev", "/sys")


class RootFailed(Exception):  # noqa: N818 - named after the condition
    """The container's root cannot be built; the sentence says what is missing."""


def build_root(launch: Launch, directory: Path) -> None:
    """Build the root below ``directory`` and move into it.

    Raises:
        RootFailed: A mount point is missing.
        OSError: The kernel refused a step.
    """
    linux.unshare(linux.CLONE_NEWNS)
    root = directory / "root"
    root.mkdir(exist_ok=True)
    if launch.root:
        _image_root(launch.root, root)
    else:
        linux.mount("/", str(root), flags=linux.MS_BIND | linux.MS_REC)
    linux.set_mount_read_only(str(root))
    for place in _PRIVATE_DIRECTORIES:
        _private_directory(root, place)
    sources = [(os.open(mount.source, os.O_PATH), mount) for mount in launch.mounts]
    _hide(launch.hidden, root)
    for source, mount in sources:
        _bind(source, mount, root)
    _move_into(root)


def _image_root(source: str, root: Path) -> None:
    linux.mount(source, str(root), flags=linux.MS_BIND | linux.MS_REC)
    for place in (*_KERNEL_DIRECTORIES, "/proc"):
        target = root / place[1:]
        if target.is_dir():
            linux.mount(place, str(target), flags=linux.MS_BIND | linux.MS_REC)
    for file in ("/etc/hosts", "/etc/resolv.conf"):
        if (root / file[1:]).is_file() and Path(file).is_file():
            linux.mount(file, str(root / file[1:]), flags=linux.MS_BIND)


def _private_directory(root: Path, place: str) -> None:
    target = root / place[1:]
    if target.is_dir() and not target.is_symlink():
        linux.mount("tmpfs", str(target), "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=1777")


def _hide(hidden: tuple[str, ...], root: Path) -> None:
    for place in hidden:
        target = root / place[1:]
        if target.is_dir():
            linux.mount("tmpfs", str(target), "tmpfs", linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV, "mode=0555")


def _bind(source: int, mount: LaunchMount, root: Path) -> None:
    target = root / mount.target[1:]
    # Volumes may lie in each other, so the place may be on one that was mounted just before, and writable.
    with suppress(OSError):
        if Path(mount.source).is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
    if not target.resolve().is_relative_to(root):
        raise RootFailed(f"{mount.target} is behind a symbolic link that leads out of the image: mount at its end")
    if not target.exists():
        raise RootFailed(
            f"the image has no {mount.target} to mount a volume at, and its root is read-only: "
            "mount it at a directory that is there, or below /tmp"
        )
    linux.mount(f"/proc/self/fd/{source}", str(target), flags=linux.MS_BIND | linux.MS_REC)
    os.close(source)
    if mount.read_only:
        linux.set_mount_read_only(str(target))


def _move_into(root: Path) -> None:
    os.chdir(root)
    try:
        # Both arguments the same: the old root ends up below the new one and can be let go (pivot_root(2)).
        linux.pivot_root(".", ".")
        linux.unmount(".", linux.MNT_DETACH)
    except OSError:
        # A root on initramfs cannot be pivoted.
        os.chroot(".")
    os.chdir("/")
