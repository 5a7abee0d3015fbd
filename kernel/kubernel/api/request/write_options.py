"""The query parameters of writes: who writes, how much is tried only, and what happens to unknown fields.

Source: apimachinery ``apis/meta/v1/validation``; apiserver ``endpoints/handlers`` for the manager's default.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kubernel.api.request.call import Call
from kubernel.api.request.options import FieldValidation, flag
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
    invalid,
)

__all__ = ["check_write_options", "is_forced", "manager_of"]

MANAGER_MAX = 128
"""Bytes of a manager's name."""

_CHECKED = frozenset({"fieldManager", "dryRun", "fieldValidation", "force"})


def check_write_options(call: Call, options: str, *, is_patch: bool = False, is_apply: bool = False) -> None:
    """Refuse a write whose options are wrong.

    Args:
        call: The request.
        options: What Kubernetes calls them, such as ``CreateOptions``.
        is_patch: They may say ``force``, which only an apply may use.
        is_apply: They must say who applies.

    Raises:
        StatusError: 422 with every mistake; 400 for what is no boolean.
    """
    if not is_apply and _CHECKED.isdisjoint(call.query):
        return
    errors = list(_mistakes(call.query, is_patch=is_patch, is_apply=is_apply))
    if errors:
        raise invalid(options, "", errors, "meta.k8s.io")


def _mistakes(query: Mapping[str, str], *, is_patch: bool, is_apply: bool) -> Iterable[FieldError]:
    manager, dry_run = query.get("fieldManager", ""), query.get("dryRun", "")
    if is_apply and not manager:
        yield field_required("fieldManager", "is required for apply patch")
    if is_patch and not is_apply and "force" in query:
        yield field_forbidden("force", "may not be specified for non-apply patch")
    if len(manager.encode()) > MANAGER_MAX:
        yield field_too_long("fieldManager", MANAGER_MAX)
    for place, character in enumerate(manager):
        if not character.isprintable():
            why = f"invalid character U+{ord(character):04X} (at position {place})"
            yield field_invalid("fieldManager", manager, why)
    if dry_run not in ("", "All"):
        yield field_not_supported("dryRun", dry_run, ["All"])
    validation = query.get("fieldValidation", "")
    if validation and validation not in list(FieldValidation):
        yield field_not_supported("fieldValidation", validation, ["", *FieldValidation])


def is_forced(call: Call) -> bool:
    """Whether an apply takes fields over from their owners."""
    return flag(call.query, "force")


def manager_of(call: Call) -> str:
    """Return who writes: the field manager that the request names, else the program that its User-Agent names."""
    return call.query.get("fieldManager") or _program(call.user_agent)


@lru_cache(maxsize=256)
def _program(user_agent: str) -> str:
    name = "".join(filter(str.isprintable, user_agent.partition("/")[0])).encode()[:MANAGER_MAX]
    return name.decode(errors="ignore") or "unknown"
