"""Running a command as a user without any privilege, also when the suite itself runs as root.

The interpreter may live under a directory that only root may enter (``/root``). Then the command runs in a mount
namespace of its own, in which that directory is empty but for the interpreter: the user still has no privilege.
"""

import os
import shlex
import sys
from pathlib import Path

__all__ = ["NOBODY", "as_nobody"]

NOBODY = 65534
_SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--")


def as_nobody() -> tuple[str, ...]:
    """Return the words to put before a command."""
    prefix = Path(sys.base_prefix).resolve()
    closed = next((parent for parent in reversed(prefix.parents) if not parent.stat().st_mode & 0o001), None)
    if closed is None:
        return _SETPRIV
    aside = shlex.quote(f"/tmp/python-of-{os.getpid()}")
    inside, lid = shlex.quote(str(prefix)), shlex.quote(str(closed))
    script = (
        f"set -e; mkdir -p {aside}; mount --bind {inside} {aside}; mount -t tmpfs -o mode=0755 tmpfs {lid}; "
        f"mkdir -p {inside}; mount --bind {aside} {inside}; umount {aside}; rmdir {aside}; "
        f'exec {shlex.join(_SETPRIV)} "$@"'
    )
    return ("unshare", "--mount", "sh", "-c", script, "as-nobody")
