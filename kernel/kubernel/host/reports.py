r"""What a host tells its supervisor, one JSON line a report, over a pipe that it inherits.

    {"type":"Loaded","drivers":[{"role":"scheduler","name":"binpack","distribution":"kubernel-scheduler-binpack",…}]}
    {"type":"Ready"}
    {"type":"Alive"}

The pipe is the life line in both directions: when the host ends the supervisor reads the end of the file, and when
the supervisor ends the host's next report fails and it stops by itself.
"""

import os

import msgspec

__all__ = [
    "Alive",
    "Checked",
    "Crashed",
    "Loaded",
    "Origin",
    "Ready",
    "Refused",
    "Report",
    "ReportReader",
    "ReportWriter",
]


class Origin(msgspec.Struct, frozen=True):
    """Where a driver comes from."""

    role: str
    name: str
    distribution: str
    version: str


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """The drivers are imported, fit their contracts and are constructed."""

    drivers: tuple[Origin, ...]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The first synchronisation is done."""


class Alive(msgspec.Struct, frozen=True, tag=True):
    """The event loop turns; sent every `HEARTBEAT_S` seconds."""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The driver cannot be used; the host ends."""

    reason: str
    trace: str = ""


class Crashed(msgspec.Struct, frozen=True, tag=True):
    """The driver raised, or returned although nobody had asked it to stop; the host ends."""

    reason: str


class Checked(msgspec.Struct, frozen=True, tag=True):
    """The conformance kit is through; ``failures`` is empty when the driver passed."""

    failures: tuple[str, ...] = ()


Report = Loaded | Ready | Alive | Refused | Crashed | Checked

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Report] = msgspec.json.Decoder(Report)


class ReportWriter:
    """The host's end of the pipe."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def send(self, report: Report) -> bool:
        """Send one report; False when there is no supervisor any more."""
        line = memoryview(_encoder.encode(report) + b"\n")
        try:
            while line:
                line = line[os.write(self._fd, line) :]
        except OSError:
            return False
        return True


class ReportReader:
    """The supervisor's end: turns the bytes that arrived into the reports that are complete."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Report]:
        """Take what was read and return the reports that it completes.

        Raises:
            msgspec.DecodeError: Somebody else writes into the pipe; end the host.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [_decoder.decode(line) for line in lines]
