"""``format.dns1123Label().validate(s)``: the named formats, with Kubernetes' sentences for what is wrong.

Source: Kubernetes' CEL library ``format``.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime

from kubernel.objects.cel.functions.declared import STRING, STRINGS, Function, Opaque, opaque
from kubernel.objects.cel.functions.urls import read_url
from kubernel.objects.rules.labels import label_key_errors, label_value_errors
from kubernel.objects.rules.names import (
    NameRule,
    dns_label_errors,
    dns_service_label_errors,
    dns_subdomain_errors,
    generated_name_errors,
)

__all__ = ["FUNCTIONS"]

_FORMAT = "kubernetes.NamedFormat"
_UUID = re.compile(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_DATE_TIME = re.compile(r"(?i)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

_Check = Callable[[str], list[str]]


def _read(parse: Callable[[str], object], words: str = "") -> _Check:
    def check(text: str) -> list[str]:
        try:
            parse(text)
        except (ValueError, binascii.Error) as error:
            return [words or str(error)]
        return []

    return check


def _uuid(text: str) -> None:
    if not _UUID.fullmatch(text):
        raise ValueError


def _date_time(text: str) -> None:
    if not _DATE_TIME.fullmatch(text):
        raise ValueError
    datetime.fromisoformat(text.upper().replace(" ", "T"))


def _prefix(rule: NameRule) -> _Check:
    return lambda text: generated_name_errors(rule, text)


_CHECKS: dict[str, _Check] = {
    "dns1123Label": dns_label_errors,
    "dns1123Subdomain": dns_subdomain_errors,
    "dns1035Label": dns_service_label_errors,
    "dns1123LabelPrefix": _prefix(dns_label_errors),
    "dns1123SubdomainPrefix": _prefix(dns_subdomain_errors),
    "dns1035LabelPrefix": _prefix(dns_service_label_errors),
    "qualifiedName": label_key_errors,
    "labelValue": label_value_errors,
    "uri": _read(read_url),
    "uuid": _read(_uuid, "does not match the UUID format"),
    "byte": _read(lambda text: base64.b64decode(text, validate=True), "invalid base64"),
    "date": _read(date.fromisoformat, "invalid date"),
    "datetime": _read(_date_time, "invalid datetime"),
}


def _format(name: str) -> Opaque:
    return opaque(_FORMAT, name=name)


def _constant(name: str) -> Callable[[], Opaque]:
    return lambda: _format(name)


def _named(name: str) -> list[Opaque]:
    return [_format(name)] if name in _CHECKS else []


def _validate(named: Opaque, text: str) -> list[list[str]]:
    sentences = _CHECKS[named["name"]](text)
    return [sentences] if sentences else []


FUNCTIONS = (
    Function("format.named", "format-named", (STRING,), _FORMAT, _named, is_member=False, is_optional=True),
    Function("validate", "format-validate", (_FORMAT, STRING), STRINGS, _validate, is_optional=True),
    *(Function(f"format.{name}", f"format.{name}", (), _FORMAT, _constant(name), is_member=False) for name in _CHECKS),
)
