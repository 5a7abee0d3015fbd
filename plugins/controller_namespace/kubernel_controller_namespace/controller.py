"""The plugin: one informer on namespaces, and a queue of those that are going away."""

from typing import ClassVar

import msgspec
from kubernel.client import Informer, RateLimitedQueue, metadata_of, run_together, run_workers
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_namespace.conditions import changed_conditions, conditions_of
from kubernel_controller_namespace.contents import Remains, empty

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
        remains = await empty(self._context.client, name)
        if remains.is_nothing:
            await self._finalize(namespace)
        else:
            await self._say(namespace, remains)
            self._queue.add_after(name, self._settings.look_again_s)

    async def _say(self, namespace: core.Namespace, remains: Remains) -> None:
        known = (namespace.status and namespace.status.conditions) or []
        if conditions := changed_conditions(conditions_of(remains), known):
            name, patch = metadata_of(namespace).name or "", {"status": {"conditions": conditions}}
            await self._context.client.patch(core.Namespace, name, patch, subresource="status")

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
