"""Names: which strings may name an object, a port, an environment variable or a key of a ConfigMap.

Each rule returns sentences, worded as Kubernetes words them (source: apimachinery ``util/validation`` and
``api/validate/content``); an empty list means the name is right. Label keys and values are in ``labels`` beside this.
"""

import re
from collections.abc import Callable

__all__ = [
    "NameRule",
    "config_key_errors",
    "dns_label_errors",
    "dns_service_label_errors",
    "dns_subdomain_errors",
    "env_name_errors",
    "generated_name_errors",
    "http_header_errors",
    "path_segment_errors",
    "port_name_errors",
    "port_number_errors",
    "regex_error",
]

NameRule = Callable[[str], list[str]]

_LABEL_FORMAT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SERVICE_LABEL_FORMAT = "[a-z]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_FORMAT = rf"{_LABEL_FORMAT}(\.{_LABEL_FORMAT})*"
_CONFIG_KEY_FORMAT = "[-._a-zA-Z0-9]+"
_HEADER_FORMAT = "[-A-Za-z0-9]+"

_LABEL = re.compile(_LABEL_FORMAT)
_SERVICE_LABEL = re.compile(_SERVICE_LABEL_FORMAT)
_SUBDOMAIN = re.compile(_SUBDOMAIN_FORMAT)
_CONFIG_KEY = re.compile(_CONFIG_KEY_FORMAT)
_HEADER = re.compile(_HEADER_FORMAT)
_ENV_NAME = re.compile("[ -<>-~]+")
_PORT_CHARACTERS = re.compile("[-a-z0-9]+")
_LETTER = re.compile("[a-z]")

LABEL_MAX = 63
SUBDOMAIN_MAX = 253
PORT_NAME_MAX = 15
PORT_MAX = 65535


def regex_error(sentence: str, pattern: str, *examples: str) -> str:
    """Return ``sentence (e.g. 'a',  or 'b', regex used for validation is '…')`` with Kubernetes' own spacing."""
    if not examples:
        return f"{sentence} (regex used for validation is '{pattern}')"
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{sentence} (e.g. {shown}regex used for validation is '{pattern}')"


def _too_long(limit: int, unit: str = "bytes") -> str:
    return f"must be no more than {limit} {unit}"


def dns_label_errors(name: str) -> list[str]:
    """RFC 1123 label: namespaces, containers, volumes."""
    errors = [_too_long(LABEL_MAX)] if len(name) > LABEL_MAX else []
    if not _LABEL.fullmatch(name):
        if _SUBDOMAIN.fullmatch(name):
            errors.append("must not contain dots")
        else:
            sentence = (
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
                "and end with an alphanumeric character"
            )
            errors.append(regex_error(sentence, _LABEL_FORMAT, "my-name", "123-abc"))
    return errors


def dns_service_label_errors(name: str) -> list[str]:
    """RFC 1035 label: services, whose names become DNS names."""
    errors = [_too_long(LABEL_MAX)] if len(name) > LABEL_MAX else []
    if not _SERVICE_LABEL.fullmatch(name):
        sentence = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
            "character, and end with an alphanumeric character"
        )
        errors.append(regex_error(sentence, _SERVICE_LABEL_FORMAT, "my-name", "abc-123"))
    return errors


def dns_subdomain_errors(name: str) -> list[str]:
    """RFC 1123 subdomain: most kinds."""
    errors = [_too_long(SUBDOMAIN_MAX)] if len(name) > SUBDOMAIN_MAX else []
    if not _SUBDOMAIN.fullmatch(name):
        sentence = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character"
        )
        errors.append(regex_error(sentence, _SUBDOMAIN_FORMAT, "example.com"))
    return errors


def path_segment_errors(name: str) -> list[str]:
    """What may stand in a URL path: the rule of kinds that have no stricter one."""
    if name in {".", ".."}:
        return [f"may not be '{name}'"]
    return [f"may not contain '{character}'" for character in "/%" if character in name]


def generated_name_errors(rule: NameRule, prefix: str) -> list[str]:
    """Apply a rule to ``generateName``, which may end in one hyphen because a suffix follows."""
    return rule(f"{prefix[:-2]}a") if len(prefix) > 1 and prefix.endswith("-") else rule(prefix)


def config_key_errors(key: str) -> list[str]:
    """A key of a ConfigMap's or Secret's data; it becomes a file's name."""
    errors = [_too_long(SUBDOMAIN_MAX, "characters")] if len(key) > SUBDOMAIN_MAX else []
    if not _CONFIG_KEY.fullmatch(key):
        sentence = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        errors.append(regex_error(sentence, _CONFIG_KEY_FORMAT, "key.name", "KEY_NAME", "key-name"))
    if key in {".", ".."}:
        errors.append(f"must not be '{key}'")
    elif key.startswith(".."):
        errors.append("must not start with '..'")
    return errors


def env_name_errors(name: str) -> list[str]:
    """An environment variable: printable ASCII without ``=`` (Kubernetes' relaxed rule, the default since 1.32)."""
    if not name:
        return ["environment variable name must be non-empty"]
    if not _ENV_NAME.fullmatch(name):
        return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    return []


def http_header_errors(name: str) -> list[str]:
    """A header of an HTTP probe."""
    if _HEADER.fullmatch(name):
        return []
    sentence = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [regex_error(sentence, _HEADER_FORMAT, "X-Header-Name")]


def port_name_errors(name: str) -> list[str]:
    """RFC 6335 service name: a container's named port."""
    errors = [_too_long(PORT_NAME_MAX, "characters")] if len(name) > PORT_NAME_MAX else []
    if not _PORT_CHARACTERS.fullmatch(name):
        errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not _LETTER.search(name):
        errors.append("must contain at least one letter (a-z)")
    if "--" in name:
        errors.append("must not contain consecutive hyphens")
    if name.startswith("-") or name.endswith("-"):
        errors.append("must not begin or end with a hyphen")
    return errors


def port_number_errors(port: int) -> list[str]:
    """A TCP, UDP or SCTP port."""
    return [] if 1 <= port <= PORT_MAX else [f"must be between 1 and {PORT_MAX}, inclusive"]
