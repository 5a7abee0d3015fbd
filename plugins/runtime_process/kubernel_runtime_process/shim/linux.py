"""The Linux system calls that Python 3.11 has no function for, with their errors as `OSError`."""

import ctypes
import os

__all__ = [
    "CLONE_NEWIPC",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "CLONE_NEWUTS",
    "MNT_DETACH",
    "MS_BIND",
    "MS_NODEV",
    "MS_NOEXEC",
    "MS_NOSUID",
    "MS_PRIVATE",
    "MS_RDONLY",
    "MS_REC",
    "become_subreaper",
    "die_with_parent",
    "drop_from_bounding_set",
    "mount",
    "pivot_root",
    "set_mount_read_only",
    "set_process_name",
    "unmount",
    "unshare",
]

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_MOUNT_SETATTR = 442
"""The same number on every architecture, as of all calls since Linux 5.1."""
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 1

_libc = ctypes.CDLL(None, use_errno=True)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the namespaces that ``flags`` names for new ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, filesystem: str = "", flags: int = 0, options: str = "") -> None:
    """Mount ``source`` at ``target``."""
    result = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        filesystem.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    _checked(result, f"mount {source} at {target}")


def unmount(target: str, flags: int = 0) -> None:
    """Unmount what is mounted at ``target``."""
    _checked(_libc.umount2(os.fsencode(target), ctypes.c_int(flags)), f"unmount {target}")


def pivot_root(new_root: str, old_root: str) -> None:
    """Make ``new_root`` the root of this mount namespace and move the former one to ``old_root``."""
    number = _SYS_PIVOT_ROOT[os.uname().machine]
    _checked(_libc.syscall(ctypes.c_long(number), os.fsencode(new_root), os.fsencode(old_root)), "pivot_root")


def set_mount_read_only(path: str, *, read_only: bool = True, recursive: bool = True) -> None:
    """Change whether the mount at ``path``, and every mount below it, can be written through (Linux 5.12)."""
    attributes = _MountAttributes()
    if read_only:
        attributes.attr_set = _MOUNT_ATTR_RDONLY
    else:
        attributes.attr_clr = _MOUNT_ATTR_RDONLY
    result = _libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(path),
        ctypes.c_uint(_AT_RECURSIVE if recursive else 0),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _checked(result, f"mount_setattr {path}")


def _prctl(option: int, argument: object, what: str) -> None:
    _checked(_libc.prctl(ctypes.c_int(option), argument, ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)), what)


def die_with_parent(signal_number: int) -> None:
    """Ask for this signal when the parent dies."""
    _prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal_number), "prctl PDEATHSIG")


def become_subreaper() -> None:
    """Become the parent of every descendant whose parent dies."""
    _prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), "prctl CHILD_SUBREAPER")


def set_process_name(name: str) -> None:
    """Set the name that ``ps`` and ``top`` show; the kernel keeps 15 bytes of it."""
    _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()), "prctl NAME")


def drop_from_bounding_set(capability: int) -> None:
    """Make it impossible for this process and its children to ever have the capability."""
    _prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), "prctl CAPBSET_DROP")
