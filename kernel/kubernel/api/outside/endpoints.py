"""Where a server of others is: a URL, or a Service of the cluster, and which authority has signed its certificate."""

import base64
import binascii
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from kubernel.objects.kinds.core.endpoints import ENDPOINTS
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import core
from kubernel.watch import Cache

__all__ = ["ClientConfig", "Endpoint", "OutsideError", "address_of", "endpoint_of", "tls_for"]

_HTTPS = 443


class OutsideError(Exception):
    """A server of others could not be asked; the message says why."""


class Reference(Protocol):
    """A Service, as a client configuration names it."""

    name: str
    namespace: str
    path: str | None
    port: int | None


class ClientConfig(Protocol):
    """How a server is reached, as ``admissionregistration`` and ``apiextensions`` have it."""

    @property
    def url(self) -> str | None:
        """A URL."""

    @property
    def service(self) -> Reference | None:
        """Or a Service."""

    @property
    def caBundle(self) -> str | None:  # noqa: N802 - the field's name on the wire
        """The authorities, PEM in base64; ``None`` for those of this machine."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes.

    Attributes:
        shown: The URL as people know it, for errors.
        url: The URL that is connected to.
        server_name: Whom the certificate must name.
        tls: What checks the certificate.
    """

    shown: str
    url: str
    server_name: str
    tls: ssl.SSLContext


def endpoint_of(config: ClientConfig, cache: Cache) -> Endpoint:
    """Find the server of a client configuration.

    Raises:
        OutsideError: The Service is not there or has nobody behind it, or the authorities are no certificates.
    """
    tls = tls_for(config.caBundle or "")
    service = config.service
    if service is None:
        url = config.url or ""
        return Endpoint(url, url, urlsplit(url).hostname or "", tls)
    port = service.port or _HTTPS
    host, reached = address_of(cache, service.namespace, service.name, port)
    name, path = f"{service.name}.{service.namespace}.svc", service.path or "/"
    address = f"[{host}]" if ":" in host else host
    return Endpoint(f"https://{name}:{port}{path}", f"https://{address}:{reached}{path}", name, tls)


@lru_cache(maxsize=128)
def tls_for(bundle: str, *, is_checked: bool = True) -> ssl.SSLContext:
    """Return what checks a server's certificate.

    Args:
        bundle: PEM in base64; empty for the authorities that this machine believes.
        is_checked: False encrypts and believes any certificate.

    Raises:
        OutsideError: The bundle holds no certificates.
    """
    if not is_checked:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    try:
        return ssl.create_default_context(cadata=base64.b64decode(bundle).decode() if bundle else None)
    except (ssl.SSLError, binascii.Error, UnicodeDecodeError) as error:
        raise OutsideError(f"unable to load root certificates: {error}") from error


def address_of(cache: Cache, namespace: str, name: str, port: int) -> tuple[str, int]:
    """Return an address and a port behind a Service's port.

    A ready endpoint is asked directly, which works whether or not this machine has a proxy; a Service that somebody
    else gives endpoints to is asked at its own address.

    Raises:
        OutsideError: Nobody is there.
    """
    record = cache.collection(SERVICE).get(namespace, name)
    service = record.decode() if record is not None else None
    if not isinstance(service, core.Service) or service.spec is None:
        raise OutsideError(f'service "{name}" not found')
    if service.spec.type == "ExternalName":
        return service.spec.externalName or "", port
    found = next((p for p in service.spec.ports or () if p.port == port), None)
    if found is None:
        raise OutsideError(f'no service port {port} found for service "{name}"')
    if ready := _ready(cache, namespace, name, found.name or ""):
        return ready
    if service.spec.selector or not service.spec.clusterIP or service.spec.clusterIP == "None":
        raise OutsideError(f'no endpoints available for service "{name}"')
    return service.spec.clusterIP, port


def _ready(cache: Cache, namespace: str, name: str, port_name: str) -> tuple[str, int] | None:
    record = cache.collection(ENDPOINTS).get(namespace, name)
    endpoints = record.decode() if record is not None else None
    for subset in (endpoints.subsets if isinstance(endpoints, core.Endpoints) else None) or ():
        port = next((p.port for p in subset.ports or () if (p.name or "") == port_name), None)
        if subset.addresses and port is not None:
            return subset.addresses[0].ip, port
    return None
