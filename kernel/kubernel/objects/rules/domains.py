"""Domain names, and paths that begin with one.

The words are Kubernetes' (source: apimachinery ``pkg/util/validation``).
"""

import re
from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.rules.addresses import address_of
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors, regex_error

__all__ = ["domain_name_errors", "domain_path_errors", "host_errors", "not_an_address"]

SUBDOMAIN_MAX = 253
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_WILDCARD_FORMAT = rf"\*\.{_LABEL}(\.{_LABEL})*"
_WILDCARD = re.compile(_WILDCARD_FORMAT)
_PATH_FORMAT = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"
_PATH = re.compile(_PATH_FORMAT)


def _wildcard_errors(name: str) -> list[str]:
    errors = [f"must be no more than {SUBDOMAIN_MAX} bytes"] if len(name) > SUBDOMAIN_MAX else []
    if not _WILDCARD.fullmatch(name):
        sentence = (
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist "
            "of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
        )
        errors.append(regex_error(sentence, _WILDCARD_FORMAT, "*.example.com"))
    return errors


def host_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check a host's name, in which the first label may be a ``*``."""
    for why in _wildcard_errors(value) if "*" in value else dns_subdomain_errors(value):
        yield field_invalid(path, value, why)


def not_an_address(value: str, path: str) -> Iterable[FieldError]:
    """Check that a name is no IP address, which some rules for names let through."""
    if address_of(value) is not None:
        yield field_invalid(path, value, "must be a DNS name, not an IP address")


def domain_name_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check a fully qualified domain name: two labels or more, a dot at the end is right."""
    name = value.removesuffix(".")
    if not value:
        yield field_required(path)
    elif whys := dns_subdomain_errors(name):
        yield field_invalid(path, name, ",".join(whys))
    elif "." not in name:
        yield field_invalid(path, name, "should be a domain with at least two segments separated by dots")
    else:
        wrong = ((label, dns_label_errors(label)) for label in name.split("."))
        yield from (field_invalid(path, label, ",".join(whys)) for label, whys in wrong if whys)


def domain_path_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check what begins with a domain and goes on with a path, such as ``example.com/controller``."""
    host, _, rest = value.partition("/")
    if not host or not rest:
        yield field_invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')
        return
    for why in dns_subdomain_errors(host):
        yield field_invalid(path, host, why)
    if not _PATH.fullmatch(rest):
        yield field_invalid(path, rest, regex_error("Invalid path", _PATH_FORMAT))
