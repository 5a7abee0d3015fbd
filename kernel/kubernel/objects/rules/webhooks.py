"""Where a webhook is: a URL or a service of the cluster, and the authority that vouches for it.

Source: apiserver ``pkg/util/webhook/validation.go``.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.rules.names import dns_subdomain_errors, port_number_errors

__all__ = ["ClientConfig", "client_errors"]

_FORM = "; desired format: https://host[/path]"


class _Service(Protocol):
    name: str
    namespace: str
    path: str | None
    port: int | None


class ClientConfig(Protocol):
    """What all API types that name a webhook have."""

    caBundle: str | None  # noqa: N815 - the field's name on the wire
    url: str | None

    @property
    def service(self) -> _Service | None:
        """The service, unless there is a URL."""


def client_errors(config: ClientConfig, path: str) -> Iterator[FieldError]:
    """Yield what is wrong with the address of a webhook."""
    if (config.url is None) == (config.service is None):
        yield field_required(path, "exactly one of url or service is required")
    elif config.url is not None:
        yield from _url_errors(config.url, f"{path}.url")
    elif config.service is not None:
        yield from _service_errors(config.service, f"{path}.service")
    if config.caBundle and not _is_certificates(config.caBundle):
        why = "unable to load root certificates: unable to parse bytes as PEM block"
        yield field_invalid(f"{path}.caBundle", config.caBundle, why)


def _url_errors(url: str, path: str) -> Iterator[FieldError]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        yield field_required(path, f"url must be a valid URL: {error}{_FORM}")
        return
    if parts.scheme != "https":
        yield field_invalid(path, parts.scheme, f"'https' is the only allowed URL scheme{_FORM}")
    if not parts.netloc:
        yield field_invalid(path, "", f"host must be provided{_FORM}")
    if "@" in parts.netloc:
        user = parts.netloc.rpartition("@")[0]
        yield field_invalid(path, user, "user information is not permitted in the URL")
    if parts.fragment:
        yield field_invalid(path, parts.fragment, "fragments are not permitted in the URL")
    if parts.query:
        yield field_invalid(path, parts.query, "query parameters are not permitted in the URL")


def _service_errors(service: _Service, path: str) -> Iterator[FieldError]:
    if not service.name:
        yield field_required(f"{path}.name", "service name is required")
    if not service.namespace:
        yield field_required(f"{path}.namespace", "service namespace is required")
    if service.port is not None and (errors := port_number_errors(service.port)):
        yield field_invalid(f"{path}.port", service.port, f"port is not valid: {', '.join(errors)}")
    if service.path and service.path != "/":
        yield from _path_errors(service.path, f"{path}.path")


def _path_errors(text: str, path: str) -> Iterator[FieldError]:
    if text == "//":
        yield field_invalid(path, text, "segment[0] may not be empty")
        return
    if not text.startswith("/"):
        yield field_invalid(path, text, "must start with a '/'")
    for i, step in enumerate(text[1:].removesuffix("/").split("/")):
        if not step:
            yield field_invalid(path, text, f"segment[{i}] may not be empty")
        for why in dns_subdomain_errors(step) if step else ():
            yield field_invalid(path, text, f"segment[{i}]: {why}")


def _is_certificates(bundle: str) -> bool:
    try:
        text = base64.b64decode(bundle, validate=True)
    except (binascii.Error, ValueError):
        return False
    return b"-----BEGIN CERTIFICATE-----" in text
