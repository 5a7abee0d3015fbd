"""Mutating webhooks: one after another, each seeing what those before it have made.

When a later one changed the object, those before it that want to know (``reinvocationPolicy: IfNeeded``) are asked a
second time, and once more only.
"""

from collections.abc import Sequence

from kubernel.api.admission.review import Review
from kubernel.api.admission.webhooks.calling import ask
from kubernel.api.admission.webhooks.choosing import kind_for
from kubernel.api.admission.webhooks.configured import Webhook
from kubernel.api.outside.calling import Caller
from kubernel.objects.errors import StatusError, internal
from kubernel.objects.models import Plain
from kubernel.objects.patches import apply_json_patch
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import Hooks

__all__ = ["mutate"]


async def mutate(caller: Caller, webhooks: Sequence[Webhook], review: Review, hooks: Hooks) -> None:
    """Let every webhook that a write concerns change its object.

    Raises:
        StatusError: One denies the write, or cannot be asked and must be.
    """
    asked_before: list[Webhook] = []
    again: list[Webhook] = []
    for webhook in webhooks:
        kind = await kind_for(webhook, review, hooks)
        if kind is None:
            continue
        if await _changes(caller, webhook, review, kind):
            again += [other for other in asked_before if other not in again]
        if webhook.is_reinvoked:
            asked_before.append(webhook)
    for webhook in again:
        kind = await kind_for(webhook, review, hooks)
        if kind is not None:
            await _changes(caller, webhook, review, kind)


async def _changes(caller: Caller, webhook: Webhook, review: Review, kind: AnyKind) -> bool:
    asked = await ask(caller, webhook, review, kind, may_patch=True)
    if asked is None or not asked.patch:
        return False
    obj, _ = await review.objects(kind)
    if obj is None:
        why = "attempted to modify the object, which is not supported for this operation"
        raise internal(f'admission webhook "{webhook.name}" {why}')
    made = _patched(webhook, obj, asked.patch)
    if made == obj:
        return False
    try:
        await review.replace(made, kind)
    except StatusError as error:
        raise internal(f'admission webhook "{webhook.name}" made an invalid object: {error.message}') from error
    return True


def _patched(webhook: Webhook, obj: Plain, operations: list[object]) -> Plain:
    try:
        return apply_json_patch(obj, operations)
    except StatusError as error:
        raise internal(f'the patch of admission webhook "{webhook.name}" does not apply: {error.message}') from error
