"""The kind ``ServiceAccount``: who the programs in a pod are."""

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core

__all__ = ["SERVICE_ACCOUNT"]


def _keep_names(account: core.ServiceAccount) -> None:
    """Keep only the names of secrets: all of them are secrets of the same namespace."""
    account.secrets = [core.ObjectReference(name=secret.name) for secret in account.secrets or ()] or None


SERVICE_ACCOUNT = Kind(
    type=core.ServiceAccount,
    group="",
    version="v1",
    name="ServiceAccount",
    plural="serviceaccounts",
    singular="serviceaccount",
    namespaced=True,
    short_names=("sa",),
    prepare_create=_keep_names,
    prepare_update=lambda new, _old: _keep_names(new),
    columns=(
        NAME,
        Column("Secrets", lambda a, _: len(a.secrets or ()), description="The number of secrets."),
        AGE,
    ),
    subresources=("token",),
)
