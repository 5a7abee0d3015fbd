"""What expressions of webhooks and policies can name: the write, its namespace, and who asks.

Source: "ValidatingAdmissionPolicy" and "matchConditions" in Kubernetes' documentation of ``admissionregistration``.
"""

from collections.abc import Mapping
from typing import Any

from kubernel.api.admission.review import Review
from kubernel.objects import codec
from kubernel.objects.cel import Asked, EvaluationFailed, Expression, request_resource
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import Attributes, Hooks, Identity

__all__ = ["Asking"]


class Asking:
    """Evaluates expressions about one write, in the version that their owner wants to see."""

    def __init__(self, review: Review, kind: AnyKind, hooks: Hooks, data: dict[str, Any]) -> None:
        self._review = review
        self._hooks = hooks
        self._kind = kind
        self.data = data

    @classmethod
    async def about(cls, review: Review, kind: AnyKind, hooks: Hooks) -> "Asking":
        """Prepare the variables.

        Raises:
            StatusError: The objects cannot be shown in this version.
        """
        obj, old = await review.objects(kind)
        attributes = review.request.attributes
        data = {
            "object": obj,
            "oldObject": old,
            "request": review.described(kind),
            "authorizer.requestResource": request_resource(
                group=kind.group,
                resource=kind.plural,
                subresource=attributes.subresource,
                namespace=attributes.namespace,
                name=review.name,
            ),
        }
        return cls(review, kind, hooks, data)

    def evaluate(self, expression: Expression, extra: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Return an expression's value.

        Raises:
            EvaluationFailed: It has none; the message has the expression.
        """
        if "namespaceObject" in expression.names and "namespaceObject" not in self.data:
            self.data["namespaceObject"] = self._namespace()
        data = {**self.data, **extra} if extra else self.data
        try:
            return expression.evaluate(data, self._authorize)
        except EvaluationFailed as error:
            raise type(error)(f"expression '{expression.text}' resulted in error: {error}") from error

    def _namespace(self) -> Plain | None:
        namespace = self._review.request.attributes.namespace
        if not namespace or self._kind is NAMESPACE:
            return None
        record = self._review.cache.collection(NAMESPACE).get("", namespace)
        return None if record is None else codec.to_plain(record.decode())

    def _authorize(self, asked: Asked) -> tuple[bool, str]:
        identity = self._review.request.attributes.identity
        if asked.service_account:
            namespace, _, name = asked.service_account.partition("/")
            groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
            identity = Identity(f"system:serviceaccount:{namespace}:{name}", groups)
        attributes = Attributes(
            identity,
            asked.verb,
            asked.path,
            group=asked.group,
            resource=asked.resource,
            subresource=asked.subresource,
            namespace=asked.namespace,
            name=asked.name,
        )
        decision = self._hooks.authorize(attributes)
        return (False, "") if decision is None else (decision.is_allowed, decision.reason)
