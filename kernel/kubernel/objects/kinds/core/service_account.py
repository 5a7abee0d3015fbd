"""The kind ``ServiceAccount``: who the programs in a pod are."""

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core

__all__ = ["SERVICE_ACCOUNT"]

SERVICE_ACCOUNT = Kind(
    type=core.ServiceAccount,
    group="",
    version="v1",
    name="ServiceAccount",
    plural="serviceaccounts",
    singular="serviceaccount",
    namespaced=True,
    short_names=("sa",),
    columns=(
        NAME,
        Column("Secrets", lambda a, _: len(a.secrets or ()), type="integer", description="The number of secrets."),
        AGE,
    ),
    subresources=("token",),
)
