"""The plugin: whatever a namespace must have, and has not, is made; what was changed is put right.

Two of Kubernetes' controllers in one, because they have one loop: the service-account controller and the publisher of
the root certificate. The certificate comes from ``kube-system/extension-apiserver-authentication``, the ConfigMap in
which the API server says who signs for this cluster; without it (a server without TLS) there is none to publish.
"""

from typing import ClassVar

import msgspec
from kubernel.client import Client, Informer, RateLimitedQueue, metadata_of, run_together, run_workers
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

__all__ = ["ServiceAccountController", "ServiceAccountSettings"]

DEFAULT, ROOT_CA = "default", "kube-root-ca.crt"
CERTIFICATE = "ca.crt"
AUTHENTICATION, AUTHORITY = "extension-apiserver-authentication", "client-ca-file"
SYSTEM = "kube-system"
DESCRIPTION = {
    "kubernetes.io/description": (
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
        "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
        "Kubernetes clusters."
    )
}
"""As in Kubernetes, word for word: clients compare it."""

NOT_FOUND, CONFLICT = 404, 409


class ServiceAccountSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings.

    Attributes:
        workers: Namespaces looked at side by side.
    """

    workers: int = 4


class ServiceAccountController(Controller):
    """Has one job: a namespace has what pods in it count on."""

    info = PluginInfo("serviceaccount", "Gives every namespace its default service account and the root certificate.")
    settings: ClassVar[type[msgspec.Struct]] = ServiceAccountSettings

    def __init__(self, settings: ServiceAccountSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    def __init__(self, context: ActorContext, settings: ServiceAccountSettings) -> None:
        client = context.client
        self._context = context
        self._settings = settings
        self._queue: RateLimitedQueue[str] = RateLimitedQueue()
        self._namespaces = Informer(client, core.Namespace)
        self._accounts = Informer(client, core.ServiceAccount, field_selector=f"metadata.name={DEFAULT}")
        self._certificates = Informer(client, core.ConfigMap, field_selector=f"metadata.name={ROOT_CA}")
        self._authority = Informer(client, core.ConfigMap, SYSTEM, field_selector=f"metadata.name={AUTHENTICATION}")
        self._namespaces.on_change(lambda _old, new: self._look(new))
        self._accounts.on_change(lambda old, new: self._look_again(new or old))
        self._certificates.on_change(lambda old, new: self._look_again(new or old))
        self._authority.on_change(lambda _old, _new: self._look_everywhere())

    async def run(self) -> None:
        informers = (self._namespaces, self._accounts, self._certificates, self._authority)
        await run_together(self._context.stopping, *(informer.run() for informer in informers), self._work())

    async def _work(self) -> None:
        for informer in (self._namespaces, self._accounts, self._certificates, self._authority):
            await informer.synced.wait()
        self._look_everywhere()
        self._context.ready()
        await run_workers(self._queue, self._complete, count=self._settings.workers, log=self._context.log)

    def _look(self, namespace: core.Namespace | None) -> None:
        if namespace is not None:
            self._queue.add(metadata_of(namespace).name or "")

    def _look_again(self, obj: core.ServiceAccount | core.ConfigMap | None) -> None:
        if obj is not None:
            self._queue.add(metadata_of(obj).namespace or "")

    def _look_everywhere(self) -> None:
        for namespace in self._namespaces.items.values():
            self._look(namespace)

    async def _complete(self, name: str) -> None:
        namespace = self._namespaces.get(name)
        if namespace is None or metadata_of(namespace).deletionTimestamp is not None:
            return
        if self._accounts.get(DEFAULT, name) is None:
            await _create(self._context.client, core.ServiceAccount(metadata=_about(DEFAULT, name)))
        await self._publish(name)

    async def _publish(self, namespace: str) -> None:
        said = self._authority.get(AUTHENTICATION, SYSTEM)
        certificate = ((said.data if said else None) or {}).get(AUTHORITY)
        if not certificate:
            return
        data, known = {CERTIFICATE: certificate}, self._certificates.get(ROOT_CA, namespace)
        if known is None:
            about = _about(ROOT_CA, namespace)
            about.annotations = dict(DESCRIPTION)
            await _create(self._context.client, core.ConfigMap(metadata=about, data=data))
        elif known.data != data:
            patch = {"data": {**dict.fromkeys(known.data or {}), **data}}  # what is not ours is taken away
            await self._context.client.patch(core.ConfigMap, ROOT_CA, patch, namespace)


def _about(name: str, namespace: str) -> meta.ObjectMeta:
    return meta.ObjectMeta(name=name, namespace=namespace)


async def _create(client: Client, obj: core.ServiceAccount | core.ConfigMap) -> None:
    try:
        await client.create(obj)
    except StatusError as error:
        # It is there already, or the namespace went meanwhile: the watch brings the news.
        if error.code not in (NOT_FOUND, CONFLICT) and "being terminated" not in error.message:
            raise
