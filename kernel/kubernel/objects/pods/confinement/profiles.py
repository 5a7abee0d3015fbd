"""The profiles that confine a container: seccomp, AppArmor, and what Windows has instead.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateSeccompProfileField``, ``ValidateAppArmorProfileField``,
``validateWindowsSecurityContextOptions``).
"""

import re
from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
)
from kubernel.objects.models import core
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import relative_path

__all__ = ["profile_errors"]

TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
PATH_MAX_BYTES = 4095
GMSA_MAX_BYTES = 64 * 1024
DOMAIN_MAX, USER_MAX = 256, 104
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_USER_WRONG = re.compile(r'["/\\:;|=,+*?<>@\[\]]')
_DOMAIN = re.compile(r"[\w.-]+", re.ASCII)


def profile_errors(context: core.PodSecurityContext | core.SecurityContext, path: str) -> Iterable[FieldError]:
    """Check the profiles that a pod or a container names."""
    if context.seccompProfile is not None:
        yield from _seccomp_errors(context.seccompProfile, f"{path}.seccompProfile")
    if context.windowsOptions is not None:
        yield from _windows_errors(context.windowsOptions, f"{path}.windowsOptions")
    if context.appArmorProfile is not None:
        yield from _app_armor_errors(context.appArmorProfile, f"{path}.appArmorProfile")


def _type_errors(type: str, field: str, path: str) -> Iterable[FieldError]:  # noqa: A002 - the field's name
    if not type:
        yield field_required(path, f"type is required when {field} is set")
    elif type not in TYPES:
        yield field_not_supported(path, type, TYPES)


def _seccomp_errors(profile: core.SeccompProfile, path: str) -> Iterable[FieldError]:
    yield from _type_errors(profile.type, "seccompProfile", f"{path}.type")
    where = f"{path}.localhostProfile"
    if profile.type != "Localhost":
        if profile.localhostProfile is not None:
            yield field_invalid(where, profile, "can only be set when seccomp type is Localhost")
    elif profile.localhostProfile is None:
        yield field_required(where, "must be set when seccomp type is Localhost")
    else:
        yield from relative_path(profile.localhostProfile, where)


def _app_armor_errors(profile: core.AppArmorProfile, path: str) -> Iterable[FieldError]:
    yield from _type_errors(profile.type, "appArmorProfile", f"{path}.type")
    where, named = f"{path}.localhostProfile", profile.localhostProfile
    if profile.type != "Localhost":
        if named is not None and profile.type in TYPES:
            yield field_invalid(where, named, "can only be set when AppArmor type is Localhost")
    elif not named:
        yield field_required(where, "must be set when AppArmor type is Localhost")
    elif named != named.strip():
        yield field_invalid(where, named, "must not be padded with whitespace")
    elif len(named.encode()) > PATH_MAX_BYTES:
        yield field_too_long(where, PATH_MAX_BYTES)


def _windows_errors(options: core.WindowsSecurityContextOptions, path: str) -> Iterable[FieldError]:
    if options.gmsaCredentialSpecName is not None:
        for why in dns_subdomain_errors(options.gmsaCredentialSpecName):
            yield field_invalid(f"{path}.gmsaCredentialSpecName", options.gmsaCredentialSpecName, why)
    spec, where = options.gmsaCredentialSpec, f"{path}.gmsaCredentialSpec"
    if spec is not None and not spec:
        yield field_invalid(where, spec, "gmsaCredentialSpec cannot be an empty string")
    elif spec is not None and len(spec.encode()) > GMSA_MAX_BYTES:
        yield field_invalid(where, spec, "gmsaCredentialSpec size must be under 64 KiB")
    if options.runAsUserName is not None:
        yield from _user_errors(options.runAsUserName, f"{path}.runAsUserName")


def _user_errors(name: str, path: str) -> Iterable[FieldError]:
    domain, slash, user = name.partition("\\")
    if not slash:
        domain, user = "", name
    if not name:
        yield field_invalid(path, name, "runAsUserName cannot be an empty string")
    elif _CONTROL.search(name):
        yield field_invalid(path, name, "runAsUserName cannot contain control characters")
    elif name.count("\\") > 1:
        yield field_invalid(path, name, "runAsUserName cannot contain more than one backslash")
    else:
        if slash and len(domain) >= DOMAIN_MAX:
            why = f"runAsUserName's Domain length must be under {DOMAIN_MAX} characters"
            yield field_invalid(path, name, why)
        if slash and not _DOMAIN.fullmatch(domain):
            why = "runAsUserName's Domain doesn't match the NetBios nor the DNS format"
            yield field_invalid(path, name, why)
        if not user:
            yield field_invalid(path, name, "runAsUserName's User cannot be empty")
        elif len(user) > USER_MAX:
            why = f"runAsUserName's User length must not be longer than {USER_MAX} characters"
            yield field_invalid(path, name, why)
        if _USER_WRONG.search(user) or user.strip(". ") == "":
            why = "runAsUserName's User cannot contain only periods or spaces, or any of \"/\\:;|=,+*?<>@[]"
            yield from ([field_invalid(path, name, why)] if user else ())
