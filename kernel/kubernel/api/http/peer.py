"""What a connection says of its other end, read once a connection and not once a request."""

import asyncio
import socket
import ssl
import struct
from dataclasses import dataclass

from kubernel.plugin.hooks import ClientCertificate

__all__ = ["Peer", "peer_of"]


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end.

    Attributes:
        uid: Its user id on this machine, over the unix socket; else ``None``.
        certificate: The verified client certificate's subject, over TLS, if one was sent.
        address: Its IP address; empty over the unix socket.
    """

    uid: int | None = None
    certificate: ClientCertificate | None = None
    address: str = ""


def peer_of(transport: asyncio.BaseTransport) -> Peer:
    """Read the peer of a connection that was just accepted."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family == socket.AF_UNIX:
        credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return Peer(uid=struct.unpack("3i", credentials)[1])
    name = transport.get_extra_info("peername")
    address = str(name[0]) if isinstance(name, tuple) else ""
    tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
    certificate = tls.getpeercert() if tls is not None else None
    return Peer(certificate=_subject(certificate) if certificate else None, address=address)


def _subject(certificate: dict) -> ClientCertificate:
    parts = [pair for name in certificate.get("subject", ()) for pair in name]
    common_name = next((value for key, value in parts if key == "commonName"), "")
    return ClientCertificate(common_name, tuple(value for key, value in parts if key == "organizationName"))
