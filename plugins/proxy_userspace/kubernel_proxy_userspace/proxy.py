"""The proxy: keeps what is served equal to the wanted table, changing only what differs."""

import asyncio
import errno
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import msgspec
from kubernel.plugin.contracts import PluginInfo, Proxy
from kubernel.plugin.contracts.proxy import CAPABILITY_RETRIES, PortKey, ServicePort

from kubernel_proxy_userspace.places import Place, Unservable, bound, is_local, why_not
from kubernel_proxy_userspace.redirect import Redirect, RedirectFailed, Redirects
from kubernel_proxy_userspace.settings import UserspaceSettings
from kubernel_proxy_userspace.tcp import Connections, TcpFront
from kubernel_proxy_userspace.udp import UdpFront

__all__ = ["UserspaceProxy"]

SWEEP_S = 5.0
_ELSEWHERE = frozenset({errno.EACCES, errno.EADDRINUSE, errno.EADDRNOTAVAIL})
_SAME_ADDRESS = _ELSEWHERE - {errno.EADDRNOTAVAIL}
_PORT_MAX = 65535

Address = tuple[str, str, int]


class Front(Protocol):
    """What serves one port."""

    def update(self, port: ServicePort) -> None:
        """Use changed backends for new clients."""

    def close(self) -> None:
        """Take no new clients."""


@dataclass(slots=True)
class _Served:
    """A port that is being served."""

    port: ServicePort
    place: Place
    front: Front

    def redirect(self) -> Redirect | None:
        """Return the rule that it needs."""
        return _redirect(self.port, self.place.redirected_to) if self.place.redirected_to else None


class UserspaceProxy(Proxy):
    """Serves each service port with a socket of its own."""

    info: ClassVar[PluginInfo] = PluginInfo(
        "userspace",
        "Binds each service's address and carries every connection itself; needs no privileges.",
        capabilities=frozenset({CAPABILITY_RETRIES}),
    )
    settings: ClassVar[type[msgspec.Struct]] = UserspaceSettings

    def __init__(self, settings: UserspaceSettings) -> None:
        self._settings = settings
        self._served: dict[PortKey, _Served] = {}
        self._redirects = Redirects(allowed=settings.redirect)
        self._connections: Connections | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, data: Path) -> None:
        """Remove redirects that a crashed process left; see the contract."""
        await self._redirects.start(data)
        self._connections = Connections(self._settings)
        self._sweeper = asyncio.ensure_future(self._sweep_forever())

    async def apply(self, ports: Sequence[ServicePort]) -> dict[PortKey, str]:
        """Make the table true; see the contract."""
        wanted = {port.key: port for port in ports}
        taken = {_address(port) for port in ports}
        for key in [key for key, served in self._served.items() if not _goes_on(served, wanted.get(key), taken)]:
            self._served.pop(key).front.close()
        failures: dict[PortKey, str] = {}
        for key, port in wanted.items():
            try:
                self._serve(key, port, taken)
            except Unservable as error:
                failures[key] = str(error)
        try:
            await self._write_redirects(wanted.values())
        except RedirectFailed as error:
            failures.update(self._serve_without_redirects(wanted, taken, error))
        return failures

    def detours(self) -> Mapping[PortKey, str]:
        """Return where ports are served that this user may not bind; see the contract."""
        return {key: served.place.detour for key, served in self._served.items() if served.place.detour}

    async def stop(self) -> None:
        """Close every socket and remove every rule."""
        for served in self._served.values():
            served.front.close()
        self._served.clear()
        await self._redirects.stop()
        if self._connections:
            await self._connections.close()
        if self._sweeper:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper

    def _serve(self, key: PortKey, port: ServicePort, taken: set[Address], *, may_redirect: bool = True) -> None:
        served = self._served.get(key)
        if served and served.place.detour:
            self._end_detour(served, port)
        if served:
            served.port = port
            served.front.update(port)
        elif port.backends:
            # Without backends nobody listens: that is what refuses connections, as the contract asks.
            place = self._place(port, taken, may_redirect=may_redirect and self._redirects.available)
            self._served[key] = _Served(port, place, self._front(place, port))

    def _front(self, place: Place, port: ServicePort) -> Front:
        if self._connections is None:
            raise RuntimeError("the proxy was not started")
        if port.protocol == "UDP":
            return UdpFront(place.socket, port, self._settings)
        return TcpFront(place.socket, port, self._connections)

    def _place(self, port: ServicePort, taken: set[Address], *, may_redirect: bool) -> Place:
        """Find a place for the port.

        Raises:
            Unservable: There is none.
        """
        try:
            return Place(bound(port.protocol, port.ip, port.port))
        except OSError as error:
            if error.errno in _ELSEWHERE and may_redirect and ":" not in port.ip:
                sock = bound(port.protocol, "0.0.0.0", 0)  # noqa: S104 - REDIRECT leads to any address of ours
                return Place(sock, redirected_to=sock.getsockname()[1])
            if error.errno in _SAME_ADDRESS and (place := self._detour(port, taken)):
                return place
            raise Unservable(why_not(port, error)) from error

    def _end_detour(self, served: _Served, port: ServicePort) -> None:
        """Move the port to its own address if that can be bound by now; connections go on."""
        with suppress(OSError):
            place = Place(bound(port.protocol, port.ip, port.port))
            served.front.close()
            served.place, served.front = place, self._front(place, port)

    def _detour(self, port: ServicePort, taken: set[Address]) -> Place | None:
        offset = self._settings.detour_offset
        other = port.port + offset
        if not offset or other > _PORT_MAX or (port.protocol, port.ip, other) in taken:
            return None
        try:
            sock = bound(port.protocol, port.ip, other)
        except OSError:
            return None
        return Place(sock, detour=f"[{port.ip}]:{other}" if ":" in port.ip else f"{port.ip}:{other}")

    async def _write_redirects(self, ports: Iterable[ServicePort]) -> None:
        """Bring the rules up to date.

        Raises:
            RedirectFailed: iptables refused; the old rules stay.
        """
        if not self._redirects.available:
            return
        needed = [rule for served in self._served.values() if (rule := served.redirect())]
        refusing = [port for port in ports if not port.backends and ":" not in port.ip and not is_local(port.ip)]
        await self._redirects.write([*needed, *(_redirect(port, self._redirects.dead_end) for port in refusing)])

    def _serve_without_redirects(
        self, wanted: Mapping[PortKey, ServicePort], taken: set[Address], error: RedirectFailed
    ) -> dict[PortKey, str]:
        """Find other places for the ports that a redirect was meant for; returns those that have none."""
        failures: dict[PortKey, str] = {}
        for key in [key for key, served in self._served.items() if served.redirect()]:
            self._served.pop(key).front.close()
            try:
                self._serve(key, wanted[key], taken, may_redirect=False)
            except Unservable as why:
                failures[key] = f"{why} (iptables: {error})"
        return failures

    async def _sweep_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_S)
            if self._connections:
                self._connections.sweep(loop.time())
            for served in self._served.values():
                if isinstance(served.front, UdpFront):
                    served.front.sweep(loop.time())


def _address(port: ServicePort) -> Address:
    return port.protocol, port.ip, port.port


def _goes_on(served: _Served, port: ServicePort | None, taken: set[Address]) -> bool:
    if port is None or not port.backends or _address(port) != _address(served.port):
        return False
    # A service that really has the address of a detour has the older right.
    return not (served.place.detour and (port.protocol, *served.place.socket.getsockname()[:2]) in taken)


def _redirect(port: ServicePort, to_port: int) -> Redirect:
    return Redirect(port.ip, port.port, port.protocol, to_port, f"{port.namespace}/{port.service}:{port.name}")
