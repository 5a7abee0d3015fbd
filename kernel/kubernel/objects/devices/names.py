"""Names of devices, of the pools that they are in, and of what is said about them."""

import re
from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required, field_too_long
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors, regex_error
from kubernel.objects.rules.values import required_name
from kubernel.objects.volumes.drivers import driver_name_errors

__all__ = [
    "device_name_errors",
    "full_name_errors",
    "pool_name_errors",
    "qualified_name_errors",
    "share_errors",
]

POOL_MAX, IDENTIFIER_MAX = 253, 32
_IDENTIFIER_FORMAT = "[A-Za-z_][A-Za-z0-9_]*"
_IDENTIFIER = re.compile(_IDENTIFIER_FORMAT)
_IDENTIFIER_SENTENCE = (
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters "
    "or '_'"
)
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def device_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of a device, a request or a set of counters."""
    return required_name(dns_label_errors, name, path)


def pool_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of a pool: domains with slashes between them."""
    if not name:
        yield field_required(path)
        return
    if len(name) > POOL_MAX:
        yield field_too_long(path, POOL_MAX)
    for part in name.split("/"):
        yield from (field_invalid(path, part, why) for why in dns_subdomain_errors(part))


def qualified_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check the name of an attribute or a capacity: an identifier, which may have the driver's domain before it."""
    domain, slash, identifier = name.rpartition("/")
    if "/" in domain:
        yield field_invalid(path, name, "must not contain more than one slash")
        return
    if slash and not domain:
        yield field_invalid(path, "", "the domain must not be empty")
    elif slash:
        yield from driver_name_errors(domain, path)
    if slash and not identifier:
        yield field_invalid(path, "", "the name must not be empty")
    else:
        yield from _identifier_errors(identifier, path)


def full_name_errors(name: str, path: str) -> Iterable[FieldError]:
    """Check a name that must have its domain."""
    yield from qualified_name_errors(name, path)
    if "/" not in name:
        yield field_invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash")


def _identifier_errors(name: str, path: str) -> Iterable[FieldError]:
    if len(name) > IDENTIFIER_MAX:
        yield field_too_long(path, IDENTIFIER_MAX)
    if not _IDENTIFIER.fullmatch(name):
        why = regex_error(_IDENTIFIER_SENTENCE, _IDENTIFIER_FORMAT, "my_name", "MY_NAME", "MyName")
        yield field_invalid(path, name, why)


def share_errors(uid: str, path: str) -> Iterable[FieldError]:
    """Check the identity of a share of a device."""
    if not _UUID.fullmatch(uid):
        why = (
            "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase "
            "hexadecimal characters"
        )
        yield field_invalid(path, uid, why)
