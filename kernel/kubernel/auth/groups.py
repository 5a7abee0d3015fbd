"""The names of users and groups that mean something to the server itself, as in Kubernetes."""

__all__ = [
    "ANONYMOUS",
    "AUTHENTICATED",
    "MASTERS",
    "SERVICE_ACCOUNTS",
    "SERVICE_ACCOUNT_PREFIX",
    "UNAUTHENTICATED",
    "service_account_groups",
]

MASTERS = "system:masters"
"""The group that may do everything."""

AUTHENTICATED = "system:authenticated"
UNAUTHENTICATED = "system:unauthenticated"
ANONYMOUS = "system:anonymous"
SERVICE_ACCOUNTS = "system:serviceaccounts"
SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:"


def service_account_groups(namespace: str) -> tuple[str, ...]:
    """Return the groups of every service account of a namespace."""
    return (SERVICE_ACCOUNTS, f"{SERVICE_ACCOUNTS}:{namespace}")
