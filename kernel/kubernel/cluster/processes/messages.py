"""What supervisor and zygote say to each other: one message a packet (SOCK_SEQPACKET), JSON, with the pipes beside it.

The supervisor asks (`Spawn`, `Kill`), the zygote tells (`Spawned`, `Ended`).
"""

import msgspec

from kubernel.host.spec import HostSpec

__all__ = ["Answer", "Ended", "Kill", "Program", "RunApi", "RunCheck", "RunHost", "Spawn", "Spawned", "Wish"]

PACKET_MAX = 200_000
"""Below the default send buffer of a unix socket (net.core.wmem_default, 212,992 bytes)."""


class RunApi(msgspec.Struct, frozen=True, tag=True):
    """The API server of the cluster in this data directory."""

    data: str
    host: str
    port: int


class RunHost(msgspec.Struct, frozen=True, tag=True):
    """A plugin's host."""

    spec: HostSpec


class RunCheck(msgspec.Struct, frozen=True, tag=True):
    """The rehearsal of a host."""

    spec: HostSpec


Program = RunApi | RunHost | RunCheck


class Spawn(msgspec.Struct, frozen=True, tag=True):
    """Start this; the packet carries two file descriptors: standard output, and the pipe for reports."""

    ticket: int
    program: Program


class Kill(msgspec.Struct, frozen=True, tag=True):
    """Send a signal, if the process has not been reaped: only its parent can know that without a race.

    Attributes:
        pid: The process.
        signal: The signal's number.
        group: Whether its whole process group gets it, such as a server's workers.
    """

    pid: int
    signal: int
    group: bool = False


class Spawned(msgspec.Struct, frozen=True, tag=True):
    """The process of this ticket lives."""

    ticket: int
    pid: int


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A process ended; ``code`` is its exit code, negative for a signal, as in `subprocess`."""

    pid: int
    code: int


Wish = Spawn | Kill
Answer = Spawned | Ended
