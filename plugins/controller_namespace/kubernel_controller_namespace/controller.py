"""The plugin: one informer on namespaces, and a queue of those that are going away."""

from datetime import UTC, datetime
from typing import ClassVar

import msgspec
from kubernel.client import Informer, RateLimitedQueue, run_together, run_workers
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_namespace.contents import count, delete_all, namespaced_resources

__all__ = ["NamespaceController", "NamespaceSettings"]

FINALIZER = "kubernetes"
NOT_FOUND, CONFLICT = 404, 409


class NamespaceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings.

    Attributes:
        workers: Namespaces emptied side by side.
        look_again_s: How soon to look again at what did not go at once (pods in their grace period).
    """

    workers: int = 2
    look_again_s: float = 0.5


class NamespaceController(Controller):
    """Has one job: a namespace that was deleted becomes empty, then goes."""

    info = PluginInfo("namespace", "Empties a namespace that was deleted and lets it go.")
    settings: ClassVar[type[msgspec.Struct]] = NamespaceSettings

    def __init__(self, settings: NamespaceSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    def __init__(self, context: ActorContext, settings: NamespaceSettings) -> None:
        self._context = context
        self._settings = settings
        self._queue: RateLimitedQueue[str] = RateLimitedQueue()
        self._namespaces = Informer(context.client, core.Namespace)
        self._namespaces.on_change(self._changed)

    async def run(self) -> None:
        await run_together(self._context.stopping, self._namespaces.run(), self._work())

    async def _work(self) -> None:
        await self._namespaces.synced.wait()
        self._context.ready()
        await run_workers(self._queue, self._empty, count=self._settings.workers, log=self._context.log)

    def _changed(self, _old: core.Namespace | None, new: core.Namespace | None) -> None:
        if new is not None and new.metadata and new.metadata.deletionTimestamp and new.metadata.name:
            self._queue.add(new.metadata.name)

    async def _empty(self, name: str) -> None:
        namespace = self._namespaces.get(name)
        if namespace is None or namespace.spec is None or FINALIZER not in (namespace.spec.finalizers or []):
            return
        left, failed = await self._delete_contents(name)
        if left or failed:
            await self._say(name, left, failed)
            self._queue.add_after(name, self._settings.look_again_s)
        else:
            await self._finalize(namespace)

    async def _delete_contents(self, name: str) -> tuple[dict[str, int], dict[str, str]]:
        """Delete everything; return what is left by resource, and what could not be deleted with the reason."""
        left: dict[str, int] = {}
        failed: dict[str, str] = {}
        client = self._context.client
        for resource in await namespaced_resources(client):
            try:
                if await count(client, resource, name):
                    await delete_all(client, resource, name)
                    if number := await count(client, resource, name):
                        left[resource.plural] = number
            except StatusError as error:
                failed[resource.plural] = error.message
        return left, failed

    async def _say(self, name: str, left: dict[str, int], failed: dict[str, str]) -> None:
        remaining = ", ".join(f"{plural} has {number} resource instances" for plural, number in sorted(left.items()))
        reasons = "; ".join(f"{plural}: {reason}" for plural, reason in sorted(failed.items()))
        conditions = [
            _condition("NamespaceContentRemaining", "SomeResourcesRemain", f"Some resources are remaining: {remaining}")
            if left
            else _condition("NamespaceContentRemaining", "ContentRemoved", ""),
            _condition("NamespaceDeletionContentFailure", "ContentDeletionFailed", reasons)
            if failed
            else _condition("NamespaceDeletionContentFailure", "ContentDeleted", ""),
        ]
        stored = self._namespaces.get(name)
        known = {
            c.type: (c.status, c.message or "") for c in (stored and stored.status and stored.status.conditions) or []
        }
        if all(known.get(c["type"]) == (c["status"], c["message"]) for c in conditions):
            return
        await self._context.client.patch(
            core.Namespace, name, {"status": {"conditions": conditions}}, subresource="status"
        )

    async def _finalize(self, namespace: core.Namespace) -> None:
        assert namespace.metadata is not None
        assert namespace.spec is not None
        others = [f for f in namespace.spec.finalizers or [] if f != FINALIZER]
        body = msgspec.to_builtins(namespace) | {"spec": {"finalizers": others}}
        try:
            await self._context.client.request(
                "PUT", f"/api/v1/namespaces/{namespace.metadata.name}/finalize", body=body
            )
        except StatusError as error:
            if error.code not in (NOT_FOUND, CONFLICT):  # somebody else did it, or it changed and comes back
                raise


def _condition(of_type: str, reason: str, message: str) -> Plain:
    moment = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return {
        "type": of_type,
        "status": "True" if message else "False",
        "reason": reason,
        "message": message,
        "lastTransitionTime": moment,
    }
