"""Small families of config maps: one owns others."""

from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.testing import eventually

__all__ = ["create", "exists", "is_gone", "owned_by"]


def owned_by(*owners: core.ConfigMap, blocks: bool = False) -> list[meta.OwnerReference]:
    """Return references to some owners."""
    return [
        meta.OwnerReference(
            apiVersion="v1",
            kind="ConfigMap",
            name=owner.metadata.name or "",
            uid=owner.metadata.uid or "",
            blockOwnerDeletion=blocks,
        )
        for owner in owners
        if owner.metadata
    ]


async def create(
    client: Client, name: str, owners: list[meta.OwnerReference] | None = None, *, finalizers: list[str] | None = None
) -> core.ConfigMap:
    """Create one member of a family."""
    about = meta.ObjectMeta(name=name, namespace="default", ownerReferences=owners, finalizers=finalizers)
    return await client.create(core.ConfigMap(metadata=about))


async def exists(client: Client, name: str) -> core.ConfigMap | None:
    """Return a member, or ``None`` when it is gone."""
    try:
        return await client.get(core.ConfigMap, name, "default")
    except StatusError as error:
        if error.code == 404:
            return None
        raise


async def is_gone(client: Client, name: str) -> None:
    """Wait until a member is gone."""

    async def gone() -> bool:
        return await exists(client, name) is None

    await eventually(gone, f"{name} is gone")
