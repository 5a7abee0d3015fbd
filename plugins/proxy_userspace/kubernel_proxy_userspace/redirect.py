"""Leads addresses that are not this machine's to our random local ports, by iptables (the talk's slides 101 to 108).

All rules live in one chain of the nat table, replaced as a whole by one ``iptables-restore --noflush``, so there is
never half a table. The chain is hooked into OUTPUT (this machine's own programs) and PREROUTING (everybody else's).
Nothing is touched before the first rule is needed; a marker in the data directory says that there is something to
clean up after a crash.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CHAIN", "Redirect", "RedirectFailed", "Redirects"]

CHAIN = "KUBERNEL-USERSPACE"
_HOOKS = ("PREROUTING", "OUTPUT")
_PLACES = "/usr/sbin:/sbin:/usr/local/sbin"
_LOCK_WAIT_S = "5"


class RedirectFailed(Exception):  # noqa: N818 - named after the condition
    """iptables refused; the message is its own."""


@dataclass(frozen=True, slots=True, order=True)
class Redirect:
    """One rule: what arrives for ``ip:port`` goes to the local ``to_port``."""

    ip: str
    port: int
    protocol: str
    to_port: int
    comment: str

    def line(self) -> str:
        """Return the rule as iptables-restore reads it."""
        protocol = self.protocol.lower()
        return (
            f"-A {CHAIN} -d {self.ip}/32 -p {protocol} -m {protocol} --dport {self.port} "
            f'-m comment --comment "{self.comment}" -j REDIRECT --to-ports {self.to_port}'
        )


class Redirects:
    """The chain, as far as we wrote it."""

    def __init__(self, *, allowed: bool) -> None:
        self._restore = _program("iptables-restore")
        self._iptables = _program("iptables")
        self.available = bool(allowed and os.geteuid() == 0 and self._restore and self._iptables)
        self._marker: Path | None = None
        self._written: tuple[Redirect, ...] = ()
        self._dead_end: socket.socket | None = None

    async def start(self, data: Path) -> None:
        """Remove what a crashed process left."""
        self._marker = data / "redirects"
        if self.available and self._marker.exists():
            await self._remove()

    @property
    def dead_end(self) -> int:
        """A local port on which nobody listens and nobody can: clients that are led there are refused."""
        if self._dead_end is None:
            self._dead_end = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._dead_end.bind(("0.0.0.0", 0))  # noqa: S104 - bound and never listening
        port: int = self._dead_end.getsockname()[1]
        return port

    async def write(self, rules: Sequence[Redirect]) -> None:
        """Make exactly these rules true, in one step; nothing happens when they are.

        Raises:
            RedirectFailed: iptables refused; the old rules stay.
        """
        wanted = tuple(sorted(rules))
        if wanted == self._written:
            return
        if self._marker:
            self._marker.touch(mode=0o600)
        table = ["*nat", f":{CHAIN} - [0:0]", *(rule.line() for rule in wanted), "COMMIT", ""]
        await _run(self._restore, "--noflush", "-w", _LOCK_WAIT_S, text="\n".join(table))
        if not self._written:
            await self._hook()
        self._written = wanted

    async def stop(self) -> None:
        """Remove the chain and its hooks."""
        if self._written:
            await self._remove()
        if self._dead_end is not None:
            self._dead_end.close()
            self._dead_end = None

    async def _hook(self) -> None:
        for hook in _HOOKS:
            try:
                await self._nat("-C", hook, "-j", CHAIN)
            except RedirectFailed:
                await self._nat("-I", hook, "1", "-j", CHAIN)

    async def _remove(self) -> None:
        for hook in _HOOKS:
            with suppress(RedirectFailed):
                await self._nat("-D", hook, "-j", CHAIN)
        for step in "-F", "-X":
            with suppress(RedirectFailed):
                await self._nat(step, CHAIN)
        self._written = ()
        if self._marker:
            self._marker.unlink(missing_ok=True)

    async def _nat(self, *arguments: str) -> None:
        await _run(self._iptables, "-w", _LOCK_WAIT_S, "-t", "nat", *arguments)


def _program(name: str) -> str:
    """Return the program's path, also where only root's PATH has it; empty when it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_PLACES}") or ""


async def _run(*command: str, text: str = "") -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate(text.encode())
    if process.returncode:
        raise RedirectFailed(errors.decode(errors="replace").strip() or f"{command[0]} ended with {process.returncode}")
