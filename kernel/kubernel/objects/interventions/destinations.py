"""Where a webhook is called: at a URL, or at a service of the cluster.

Source: Kubernetes' ``apiserver/pkg/util/webhook/validation.go``.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import admissionregistration
from kubernel.objects.rules.names import dns_subdomain_errors, port_number_errors

__all__ = ["default_destination", "destination_errors"]

PORT = 443
_FORM = "; desired format: https://host[/path]"


def default_destination(config: admissionregistration.WebhookClientConfig) -> None:
    """Fill in the port of a service, in place."""
    if config.service is not None and config.service.port is None:
        config.service.port = PORT


def destination_errors(config: admissionregistration.WebhookClientConfig, path: str) -> Iterable[FieldError]:
    """Check that there is exactly one of URL and service, and that it is right."""
    if (config.url is None) is (config.service is None):
        yield field_required(path, "exactly one of url or service is required")
    elif config.url is not None:
        yield from _url_errors(config.url, f"{path}.url")
    elif config.service is not None:
        yield from _service_errors(config.service, f"{path}.service")


def _url_errors(text: str, path: str) -> Iterable[FieldError]:
    try:
        url = urlsplit(text)
        host, user = url.hostname or "", url.netloc.rpartition("@")[0]
    except ValueError as error:
        yield field_required(path, f"url must be a valid URL: {error}{_FORM}")
        return
    if url.scheme != "https":
        yield field_invalid(path, url.scheme, f"'https' is the only allowed URL scheme{_FORM}")
    if not host:
        yield field_invalid(path, host, f"host must be specified{_FORM}")
    if user:
        yield field_invalid(path, user, f"user information is not permitted in the URL{_FORM}")
    if url.fragment:
        yield field_invalid(path, url.fragment, f"fragments are not permitted in the URL{_FORM}")
    if url.query:
        yield field_invalid(path, url.query, f"query parameters are not permitted in the URL{_FORM}")


def _service_errors(service: admissionregistration.ServiceReference, path: str) -> Iterable[FieldError]:
    if not service.name:
        yield field_required(f"{path}.name", "service name is required")
    if not service.namespace:
        yield field_required(f"{path}.namespace", "service namespace is required")
    if whys := port_number_errors(service.port or 0):
        yield field_invalid(f"{path}.port", service.port, f"port is not valid: {','.join(whys)}")
    if service.path not in {None, "", "/"}:
        yield from _path_errors(service.path or "", f"{path}.path")


def _path_errors(text: str, path: str) -> Iterable[FieldError]:
    if text == "//":
        yield field_invalid(path, text, "segment[0] may not be empty")
        return
    if not text.startswith("/"):
        yield field_invalid(path, text, "must start with a '/'")
    for i, segment in enumerate(text[1:].removesuffix("/").split("/")):
        if not segment:
            yield field_invalid(path, text, f"segment[{i}] may not be empty")
        else:
            yield from (field_invalid(path, text, f"segment[{i}]: {why}") for why in dns_subdomain_errors(segment))
