"""Those outside who have a say in writes because objects of the cluster say so: policies and webhooks."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kubernel.api.admission.kept import Kept
from kubernel.api.admission.matching import is_exempt
from kubernel.api.admission.policies.compiled import binding_of, policy_of
from kubernel.api.admission.policies.judging import judge
from kubernel.api.admission.review import Review
from kubernel.api.admission.webhooks.configured import Webhook, webhooks_of
from kubernel.api.admission.webhooks.mutating import mutate
from kubernel.api.admission.webhooks.validating import validate
from kubernel.api.outside.calling import Caller
from kubernel.objects.models import ApiObject
from kubernel.objects.registry import Registry
from kubernel.plugin.hooks import AdmissionRequest, Hooks
from kubernel.watch import Cache

__all__ = ["Outsiders"]

_GROUP = "admissionregistration.k8s.io"
T = TypeVar("T")


class Outsiders:
    """Policies and webhooks as they are configured now."""

    def __init__(self, hooks: Hooks, registry: Registry, cache: Callable[[], Cache]) -> None:
        self._hooks = hooks
        self._registry = registry
        self._cache = cache
        self._caller = Caller()
        self._mutating = self._kept("mutatingwebhookconfigurations", webhooks_of)
        self._validating = self._kept("validatingwebhookconfigurations", webhooks_of)
        self._policies = self._kept("validatingadmissionpolicies", policy_of)
        self._bindings = self._kept("validatingadmissionpolicybindings", binding_of)

    async def mutate(self, request: AdmissionRequest) -> bool:
        """Let mutating webhooks complete ``request.obj``.

        Returns:
            Whether one did.

        Raises:
            StatusError: The write is refused.
        """
        webhooks = self._webhooks(self._mutating)
        if not webhooks or is_exempt(request.kind):
            return False
        review = Review(request, self._registry, self._cache)
        await mutate(self._caller, webhooks, review, self._hooks)
        return review.was_changed

    async def validate(self, request: AdmissionRequest) -> None:
        """Ask policies, then validating webhooks.

        Raises:
            StatusError: The write is refused.
        """
        if is_exempt(request.kind):
            return
        policies, webhooks = self._all(self._policies), self._webhooks(self._validating)
        if not (policies or webhooks):
            return
        review = Review(request, self._registry, self._cache)
        if policies:
            await judge(policies, self._all(self._bindings), review, self._hooks)
        if webhooks:
            await validate(self._caller, webhooks, review, self._hooks)

    async def close(self) -> None:
        """Close the connections to webhooks."""
        await self._caller.close()

    def _kept(self, plural: str, compile_one: Callable[[ApiObject], T]) -> Kept[T] | None:
        kind = self._registry.by_resource(f"{plural}.{_GROUP}")
        return None if kind is None else Kept(kind, compile_one)

    def _all(self, kept: Kept[T] | None) -> Sequence[T]:
        return () if kept is None else kept.all(self._cache())

    def _webhooks(self, kept: Kept[Sequence[Webhook]] | None) -> list[Webhook]:
        return [webhook for configured in self._all(kept) for webhook in configured]
