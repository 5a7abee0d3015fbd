"""The kind ``Secret``: data that is not shown, in base64."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required, field_too_long
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.rules.maps import require_texts
from kubernel.objects.rules.names import config_key_errors
from kubernel.objects.rules.payloads import DATA_MAX_BYTES, decoded_bytes, require_base64
from kubernel.objects.rules.values import immutable

__all__ = ["SECRET"]

_DOCKER = {"kubernetes.io/dockercfg": ".dockercfg", "kubernetes.io/dockerconfigjson": ".dockerconfigjson"}
"""Where each type keeps what lets a machine fetch images: an object in JSON."""
_SSH_KEY = "ssh-privatekey"
_NEEDED = {
    **{type_: (key,) for type_, key in _DOCKER.items()},
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
"""The keys that a Secret of a known type must have."""

ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name"


def _default(secret: core.Secret) -> None:
    """Fold ``stringData``, which is for writing only, into ``data``."""
    secret.type = secret.type or "Opaque"
    if secret.stringData:
        require_texts(secret.stringData, "stringData")
        encoded = {key: b64encode(value.encode()).decode() for key, value in secret.stringData.items()}
        secret.data = {**(secret.data or {}), **encoded}
        secret.stringData = None


def _validate(secret: core.Secret) -> Iterable[FieldError]:
    data: dict[str, str] = secret.data or {}
    require_texts(data, "data")
    for key in data:
        yield from (field_invalid(f"data[{key}]", key, why) for why in config_key_errors(key))
    require_base64(data)
    if decoded_bytes(data) > DATA_MAX_BYTES:
        yield field_too_long("data", DATA_MAX_BYTES)
    for key in _NEEDED.get(secret.type or "", ()):
        if key not in data:
            yield field_required(f"data[{key}]")
    if (key := _DOCKER.get(secret.type or "", "")) in data:
        yield from _json_errors(data[key], f"data[{key}]")
    if secret.type == "kubernetes.io/ssh-auth" and not data.get(_SSH_KEY):
        yield field_required(f"data[{_SSH_KEY}]")
    if secret.type == "kubernetes.io/basic-auth" and not data.keys() & {"username", "password"}:
        yield field_required("data[username]")
        yield field_required("data[password]")
    if secret.type == "kubernetes.io/service-account-token" and not _account(secret):
        yield field_required(f"metadata.annotations[{ACCOUNT_ANNOTATION}]")


def _json_errors(text: str, path: str) -> Iterable[FieldError]:
    try:
        is_object = isinstance(json.loads(b64decode(text)), dict)
        why = "" if is_object else "it is not an object"
    except (ValueError, RecursionError) as error:
        why = str(error)
    if why:
        yield field_invalid(path, "<secret contents redacted>", why)


def _account(secret: core.Secret) -> str:
    annotations: dict[str, str] = (secret.metadata.annotations if secret.metadata else None) or {}
    return annotations.get(ACCOUNT_ANNOTATION, "")


def _validate_update(new: core.Secret, old: core.Secret) -> Iterable[FieldError]:
    yield from immutable(new.type, old.type, "type")
    if old.immutable:
        why = "field is immutable when `immutable` is set"
        if not new.immutable:
            yield field_forbidden("immutable", why)
        if new.data != old.data:
            yield field_forbidden("data", why)


SECRET = Kind(
    type=core.Secret,
    group="",
    version="v1",
    name="Secret",
    plural="secrets",
    singular="secret",
    namespaced=True,
    default=_default,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Type", lambda s, _: s.type, description="What kind of secret it is."),
        Column("Data", lambda s, _: len(s.data or ()), description="The number of keys."),
        AGE,
    ),
    selectable={"type": lambda s: s.type or ""},
)
