"""What the runtime and a shim say to each other, and what they leave for each other in files.

One JSON object a line, over the socket ``shim.sock`` in the sandbox's directory::

    → {"id": 7, "verb": "start", "launch": {"container": "UID.web.0", "argv": ["sleep", "9"], …}}
    ← {"id": 7, "error": "", "exited": ""}
    → {"id": 8, "verb": "stop", "container": "UID.web.0", "grace_s": 30.0}
    ← {"id": 8, "error": "", "exited": ""}
    ← {"id": 0, "error": "", "exited": "UID.web.0"}
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Launch", "LaunchMount", "Reply", "Request", "decode_reply", "decode_request", "encode"]


@dataclass(frozen=True, slots=True)
class LaunchMount:
    """One mount: a path of the machine, a path in the container."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Launch:
    """A container, resolved down to what the shim does.

    Attributes:
        container: The container's id, the name of its directory.
        argv, env, working_dir: Of the program; ``argv[0]`` is looked up in the env's ``PATH``.
        user: A numeric uid to become; ``None`` stays who the shim is.
        root: The image's root directory; empty for the machine's own root.
        hidden: Directories of the machine that the container must not see.
        mounts: In order.
        cgroups: ``cgroup.procs`` files to join.
        drop_capabilities: Whether to keep only what a container usually has.
        log_max_bytes: The size at which the log is rotated.
    """

    container: str
    argv: tuple[str, ...]
    env: dict[str, str]
    working_dir: str = "/"
    user: int | None = None
    root: str = ""
    hidden: tuple[str, ...] = ()
    mounts: tuple[LaunchMount, ...] = ()
    cgroups: tuple[str, ...] = ()
    drop_capabilities: bool = False
    log_max_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What the runtime asks a shim: ``start``, ``stop`` or ``quit`` (SIGKILL for all, then exit)."""

    id: int
    verb: str
    launch: Launch | None = None
    container: str = ""
    grace_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A shim's answer to request ``id``, or with id 0 the news that container ``exited`` ended."""

    id: int
    error: str = ""
    exited: str = field(default="")


def encode(message: Request | Reply) -> bytes:
    """Return the message as one line."""
    return json.dumps(asdict(message), separators=(",", ":")).encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """Return the request in this line."""
    plain: dict[str, Any] = json.loads(line)
    launch = plain.pop("launch")
    return Request(**plain, launch=_launch(launch) if launch else None)


def decode_reply(line: bytes) -> Reply:
    """Return the reply in this line."""
    return Reply(**json.loads(line))


def _launch(plain: dict[str, Any]) -> Launch:
    plain["mounts"] = tuple(LaunchMount(**item) for item in plain["mounts"])
    for name in ("argv", "hidden", "cgroups"):
        plain[name] = tuple(plain[name])
    return Launch(**plain)
