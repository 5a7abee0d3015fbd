"""Validating webhooks: all at once, because none of them sees another's answer."""

import asyncio
from collections.abc import Sequence

from kubernel.api.admission.review import Review
from kubernel.api.admission.webhooks.calling import ask
from kubernel.api.admission.webhooks.choosing import kind_for
from kubernel.api.admission.webhooks.configured import Webhook
from kubernel.api.outside.calling import Caller
from kubernel.plugin.hooks import Hooks

__all__ = ["validate"]


async def validate(caller: Caller, webhooks: Sequence[Webhook], review: Review, hooks: Hooks) -> None:
    """Ask every webhook that a write concerns.

    Raises:
        StatusError: At least one denies the write, or cannot be asked and must be; the first one's words.
    """
    concerned = [(webhook, kind) for webhook in webhooks if (kind := await kind_for(webhook, review, hooks))]
    calls = [ask(caller, webhook, review, kind, may_patch=False) for webhook, kind in concerned]
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
