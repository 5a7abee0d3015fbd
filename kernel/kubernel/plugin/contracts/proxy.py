"""Role ``proxy`` (exclusive, entry-point group ``kubernel.proxy``): each service behind one stable address.

The host watches Services and Endpoints (``kubernel.host.proxying``) and hands the whole wanted table to `apply`
whenever it changed; the proxy makes it true with as little disturbance as it can.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kubernel.plugin.contracts.plugin import Plugin

__all__ = ["CAPABILITY_RETRIES", "Backend", "PortKey", "Proxy", "ServicePort"]

CAPABILITY_RETRIES = "retries"
"""A connection whose backend does not answer is tried at the next one; a proxy in the kernel cannot do that."""

PortKey = tuple[str, str, str]
"""Names one port of one service: (namespace, service, port name)."""


@dataclass(frozen=True, slots=True, order=True)
class Backend:
    """One ready endpoint."""

    ip: str
    port: int


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port of one service.

    Attributes:
        namespace, service, name: What it is; ``name`` is empty for an only port.
        protocol: ``TCP`` or ``UDP``.
        ip, port: The virtual address that clients use.
        backends: The ready endpoints, sorted; may be empty, then connections are refused.
        session_affinity_s: Send one client address to one backend for so long; ``None`` means round robin.
    """

    namespace: str
    service: str
    name: str
    protocol: str
    ip: str
    port: int
    backends: tuple[Backend, ...]
    session_affinity_s: int | None = None

    @property
    def key(self) -> PortKey:
        """The port's name in what `Proxy.apply` and `Proxy.detours` return."""
        return self.namespace, self.service, self.name


class Proxy(Plugin):
    """Makes virtual addresses work on this machine."""

    api_version: ClassVar[int] = 1

    @abstractmethod
    async def start(self, data: Path) -> None:
        """Take over what an earlier process left; ``data`` survives restarts."""

    @abstractmethod
    async def apply(self, ports: Sequence[ServicePort]) -> dict[PortKey, str]:
        """Make exactly this table true; connections to ports that stay are not cut.

        Returns:
            The ports that could not be served, with a sentence that says why and what to do; the host files a
            Warning event for each and tries again later. Everything else must work all the same.

        Raises:
            Exception: Nothing is known to be true; the host hands over the whole table again after a back-off. Out of
                the first call it ends the process, and a swap fails with it.
        """

    def detours(self) -> Mapping[PortKey, str]:
        """Return the ports of the last table that are served, but elsewhere than wanted: key → ``ip:port``.

        The host tells people: an event on the Service and the annotation ``kubernel.dev/reachable-at``. Most
        proxies have none.
        """
        return {}

    @abstractmethod
    async def stop(self) -> None:
        """Remove every rule and close every listener."""
