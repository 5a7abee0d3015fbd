"""Waiting for the nodes: the last step until a cluster can run pods."""

import asyncio

from kubernel.client import Client, Informer
from kubernel.objects.models import core, meta_of

__all__ = ["until_nodes_ready"]


async def until_nodes_ready(client: Client, names: set[str]) -> None:
    """Return when all these nodes are Ready; for ever, if they never are."""
    missing, done = set(names), asyncio.Event()
    nodes = Informer(client, core.Node)

    def seen(_old: core.Node | None, new: core.Node | None) -> None:
        if new is not None and _is_ready(new):
            missing.discard(meta_of(new).name or "")
        if not missing:
            done.set()

    nodes.on_change(seen)
    watching = asyncio.create_task(nodes.run())
    try:
        await done.wait()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _is_ready(node: core.Node) -> bool:
    conditions = (node.status.conditions if node.status else None) or ()
    return any(condition.type == "Ready" and condition.status == "True" for condition in conditions)
