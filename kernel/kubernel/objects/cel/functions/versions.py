"""``semver("1.2.3")``.

Source: Kubernetes' CEL library ``kubernetes.Semver`` and semver.org, version 2.0.0, for the order.
"""

import re

from kubernel.objects.cel.functions.declared import BOOL, INT, STRING, Function, Opaque, opaque

__all__ = ["FUNCTIONS"]

_SEMVER = "kubernetes.Semver"
_NUMBER = r"0|[1-9][0-9]*"
_PART = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_FORM = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PART}(?:\.{_PART})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_LENGTH_MAX = 256


def _parse(text: str, normalize: bool = False) -> Opaque:
    match = _FORM.fullmatch(_normalized(text) if normalize else text) if len(text) <= _LENGTH_MAX else None
    if match is None:
        raise ValueError(f"Version string {text!r} is not a semantic version")
    major, minor, patch, before, _ = match.groups()
    return opaque(_SEMVER, major=int(major), minor=int(minor), patch=int(patch), before=before or "")


def _normalized(text: str) -> str:
    parts = [re.sub(r"^0+(?=[0-9])", "", part) for part in text.removeprefix("v").split(".", 2)]
    if len(parts) < 3 and re.search(r"[+-]", parts[-1]):
        raise ValueError("short version cannot contain PreRelease/Build meta data")
    return ".".join([*parts, "0", "0"][:3])


def _is_semver(text: str, normalize: bool = False) -> bool:
    try:
        _parse(text, normalize)
    except ValueError:
        return False
    return True


def _key(version: Opaque) -> tuple[object, ...]:
    """Return what versions are ordered by: a release comes after everything before it, numbers before words."""
    before = version["before"]
    parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in before.split(".")] if before else []
    return (version["major"], version["minor"], version["patch"], not before, parts)


def _compare(left: Opaque, right: Opaque) -> int:
    a, b = _key(left), _key(right)
    return (a > b) - (a < b)


_FLAG = (STRING, BOOL)
FUNCTIONS = (
    Function("semver", "string_to_semver", (STRING,), _SEMVER, _parse, is_member=False),
    Function("semver", "string_bool_to_semver", _FLAG, _SEMVER, _parse, is_member=False),
    Function("isSemver", "is_semver_string", (STRING,), BOOL, _is_semver, is_member=False),
    Function("isSemver", "is_semver_string_bool", _FLAG, BOOL, _is_semver, is_member=False),
    Function("major", "semver_major", (_SEMVER,), INT, lambda v: v["major"]),
    Function("minor", "semver_minor", (_SEMVER,), INT, lambda v: v["minor"]),
    Function("patch", "semver_patch", (_SEMVER,), INT, lambda v: v["patch"]),
    Function("isLessThan", "semver_is_less_than", (_SEMVER, _SEMVER), BOOL, lambda a, b: _compare(a, b) < 0),
    Function("isGreaterThan", "semver_is_greater_than", (_SEMVER, _SEMVER), BOOL, lambda a, b: _compare(a, b) > 0),
    Function("compareTo", "semver_compare_to", (_SEMVER, _SEMVER), INT, _compare),
)
