"""The Plugin objects that a cluster starts with: every role served, every installed controller at work.

Objects that are there are left as they are: what an operator chose stays, also over a restart. Only a flag of
``kubernel up`` changes one.
"""

import asyncio
from collections.abc import Collection, Mapping

from kubernel.client import Client, PatchType
from kubernel.objects.models import meta
from kubernel.objects.plugin_object import Plugin, PluginSpec
from kubernel.plugin.contracts import ROLES
from kubernel.plugin.discovery import find

__all__ = ["absent", "ensure"]

CONTROLLER = "controller"


async def ensure(client: Client, drivers: Mapping[str, str]) -> None:
    """Create the objects that are absent and change those that a flag names.

    Args:
        client: The API.
        drivers: Role → driver, from the command line.
    """
    existing = (await client.list(Plugin)).items
    changed = [
        (plugin, drivers[plugin.spec.role])
        for plugin in existing
        if plugin.spec and drivers.get(plugin.spec.role, plugin.spec.driver) != plugin.spec.driver
    ]
    await asyncio.gather(
        *(client.create(plugin) for plugin in absent(existing, drivers)),
        *(_change(client, plugin, driver) for plugin, driver in changed),
    )


def absent(existing: Collection[Plugin], drivers: Mapping[str, str]) -> list[Plugin]:
    """Return the objects that a complete cluster lacks."""
    specs = [plugin.spec for plugin in existing if plugin.spec]
    served = {spec.role for spec in specs}
    controllers = {spec.driver for spec in specs if spec.role == CONTROLLER}
    roles = [
        _plugin(role.name, role.name, drivers.get(role.name, role.default))
        for role in ROLES
        if role.default and role.name not in served
    ]
    found = {found.name for found in find(CONTROLLER)} - controllers
    return roles + [_plugin(f"{name}-{CONTROLLER}", CONTROLLER, name) for name in sorted(found)]


def _plugin(name: str, role: str, driver: str) -> Plugin:
    return Plugin(
        apiVersion="kubernel.dev/v1",
        kind="Plugin",
        metadata=meta.ObjectMeta(name=name),
        spec=PluginSpec(role=role, driver=driver),
    )


async def _change(client: Client, plugin: Plugin, driver: str) -> None:
    name = plugin.metadata.name if plugin.metadata else None
    # The settings and the package belonged to the other driver.
    spec = {"driver": driver, "config": None, "package": None, "enabled": True}
    await client.patch(Plugin, name or "", {"spec": spec}, patch_type=PatchType.MERGE)
