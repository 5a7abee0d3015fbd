"""Acting as somebody else: the ``Impersonate-…`` headers (``kubectl --as``).

Each name that is borrowed must be allowed to the one who borrows it, as the verb ``impersonate`` on that user, group,
uid or extra field. Source: apiserver's impersonation filter.
"""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote

from kubernel.auth.groups import (
    ANONYMOUS,
    AUTHENTICATED,
    SERVICE_ACCOUNT_PREFIX,
    UNAUTHENTICATED,
    service_account_groups,
)
from kubernel.objects.errors import bad_request
from kubernel.plugin.hooks import Attributes, Identity

__all__ = ["impersonate"]

_USER, _GROUP, _UID, _EXTRA = "impersonate-user", "impersonate-group", "impersonate-uid", "impersonate-extra-"
_GROUPED = "authentication.k8s.io"

Header = tuple[str, str]


def impersonate(
    identity: Identity, headers: Iterable[Header], path: str, authorize: Callable[[Attributes], None]
) -> Identity:
    """Return who the request is made as.

    Args:
        identity: Who really sends it.
        headers: All headers, names in lower case; a name may come more than once.
        path: The request's path, for the authoriser.
        authorize: Raises when it is not allowed.

    Raises:
        StatusError: 400, the headers make no sense; 403, this one may not act as that one.
    """
    wanted = [(name, value) for name, value in headers if name.startswith("impersonate-")]
    user = next((value for name, value in wanted if name == _USER and value), "")
    if not user:
        if any(name != _USER for name, _ in wanted):
            raise bad_request(f"requested {sorted({name for name, _ in wanted})} without impersonating a user")
        return identity
    groups = [value for name, value in wanted if name == _GROUP]
    uid = next((value for name, value in wanted if name == _UID), "")
    extra: dict[str, tuple[str, ...]] = {}
    for name, value in wanted:
        if name.startswith(_EXTRA):
            key = unquote(name.removeprefix(_EXTRA)).lower()
            extra[key] = (*extra.get(key, ()), value)
    borrowed = [_user(user), *(("", "groups", "", "", group) for group in groups)]
    borrowed += [(_GROUPED, "userextras", key, "", value) for key, values in extra.items() for value in values]
    borrowed += [(_GROUPED, "uids", "", "", uid)] if uid else []
    for group, resource, subresource, namespace, name in borrowed:
        authorize(Attributes(identity, "impersonate", path, group, "v1", resource, subresource, namespace, name))
    return Identity(user, _groups(user, groups), uid, extra)


def _user(user: str) -> tuple[str, str, str, str, str]:
    namespace, _, name = user.removeprefix(SERVICE_ACCOUNT_PREFIX).partition(":")
    if user.startswith(SERVICE_ACCOUNT_PREFIX) and namespace and name and ":" not in name:
        return "", "serviceaccounts", "", namespace, name
    return "", "users", "", "", user


def _groups(user: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return the groups: those given, else those that the user's name implies."""
    groups = list(given)
    if user == ANONYMOUS:
        return tuple(groups) if UNAUTHENTICATED in groups else (*groups, UNAUTHENTICATED)
    _, resource, _, namespace, _ = _user(user)
    if not groups and resource == "serviceaccounts":
        groups += service_account_groups(namespace)
    if AUTHENTICATED not in groups and UNAUTHENTICATED not in groups:
        groups.append(AUTHENTICATED)
    return tuple(groups)
