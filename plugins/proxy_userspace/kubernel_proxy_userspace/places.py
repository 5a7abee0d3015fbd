"""Where a service port is served on this machine, and why not where its Service says.

In this order: at the service's address itself; through an iptables redirect to a random local port; at the service's
address but a higher port (a *detour*), which is all that is left for an unprivileged user and port 80.
"""

import errno
import socket
from dataclasses import dataclass

from kubernel.plugin.contracts.proxy import ServicePort

__all__ = ["Place", "Unservable", "bound", "is_local", "why_not"]

_KINDS = {"TCP": socket.SOCK_STREAM, "UDP": socket.SOCK_DGRAM}
PRIVILEGED_BELOW = "/proc/sys/net/ipv4/ip_unprivileged_port_start"


class Unservable(Exception):  # noqa: N818 - named after the condition
    """The port cannot be served now; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A bound socket, and what it is to the service.

    Attributes:
        socket: Bound, not listening, not blocking.
        redirected_to: The local port that the service's address must be redirected to; 0 when that is not needed.
        detour: ``ip:port`` where the service answers instead; empty when it answers at its own address.
    """

    socket: socket.socket
    redirected_to: int = 0
    detour: str = ""


def bound(protocol: str, ip: str, port: int) -> socket.socket:
    """Return a new socket of this protocol, bound there.

    Raises:
        OSError: It cannot be bound.
        Unservable: The protocol is none of ours.
    """
    kind = _KINDS.get(protocol)
    if kind is None:
        raise Unservable(f"protocol {protocol} is not served by this proxy, only {' and '.join(_KINDS)} are")
    sock = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, kind | socket.SOCK_NONBLOCK)
    try:
        if kind == socket.SOCK_STREAM:  # on UDP it would let two programs share the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((ip, port))
    except OSError:
        sock.close()
        raise
    return sock


def is_local(ip: str) -> bool:
    """Whether the address is one that this machine can bind."""
    try:
        bound("UDP", ip, 0).close()
    except OSError:
        return False
    return True


def why_not(port: ServicePort, error: OSError) -> str:
    """Return the sentence for people: what is in the way, and the cure."""
    where = f"{port.protocol} {port.ip}:{port.port}"
    match error.errno:
        case errno.EACCES:
            return (
                f"{where} needs privileges: run as root, or allow it for all users with "
                f"`sysctl net.ipv4.ip_unprivileged_port_start={port.port}`"
            )
        case errno.EADDRINUSE:
            return f"{where} is in use by another program; stop that program or choose another port"
        case errno.EADDRNOTAVAIL:
            return (
                f"{where} is not an address of this machine: redirecting it needs root and iptables; "
                "a service range inside 127.0.0.0/8 needs neither"
            )
        case _:
            return f"{where} cannot be bound: {error.strerror}"
