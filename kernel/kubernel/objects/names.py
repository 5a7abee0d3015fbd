"""Names: which strings may name an object, a label, a port.

Each rule returns sentences, worded as Kubernetes words them (source: apimachinery ``util/validation``); an empty
list means the name is right.
"""

import re

__all__ = ["dns_label_errors", "dns_service_label_errors", "dns_subdomain_errors"]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SERVICE_LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")

LABEL_MAX = 63
SUBDOMAIN_MAX = 253


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def dns_label_errors(name: str) -> list[str]:
    """RFC 1123 label: namespaces."""
    errors = [_too_long(LABEL_MAX)] if len(name) > LABEL_MAX else []
    if not _LABEL.fullmatch(name):
        errors.append(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and "
            "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
        )
    return errors


def dns_service_label_errors(name: str) -> list[str]:
    """RFC 1035 label: services, whose names become DNS names."""
    errors = [_too_long(LABEL_MAX)] if len(name) > LABEL_MAX else []
    if not _SERVICE_LABEL.fullmatch(name):
        errors.append(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
            "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
            "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
        )
    return errors


def dns_subdomain_errors(name: str) -> list[str]:
    """RFC 1123 subdomain: most kinds."""
    errors = [_too_long(SUBDOMAIN_MAX)] if len(name) > SUBDOMAIN_MAX else []
    if not _SUBDOMAIN.fullmatch(name):
        errors.append(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
        )
    return errors
