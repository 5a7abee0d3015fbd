"""Which webhooks a write concerns, and in which version each wants to see it."""

from kubernel.api.admission.review import Review
from kubernel.api.admission.variables import Asking
from kubernel.api.admission.webhooks.configured import Webhook
from kubernel.objects.cel import EvaluationFailed
from kubernel.objects.errors import forbidden
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import Hooks

__all__ = ["kind_for"]


async def kind_for(webhook: Webhook, review: Review, hooks: Hooks) -> AnyKind | None:
    """Return the version in which a webhook is shown a write; ``None`` when the write is none of its business.

    Raises:
        StatusError: 403, its match conditions cannot be evaluated and it must not be passed over.
    """
    kind = webhook.matching.kind_for(review)
    if kind is None or not (webhook.conditions.expressions or webhook.conditions.problem):
        return kind
    try:
        return kind if webhook.conditions.are_met(await Asking.about(review, kind, hooks)) else None
    except EvaluationFailed as error:
        if webhook.may_fail:
            return None
        raise forbidden(review.kind.plural, review.name, str(error), review.kind.group) from error
