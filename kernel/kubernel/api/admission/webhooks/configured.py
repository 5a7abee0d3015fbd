"""What a webhook configuration means, compiled once."""

from collections.abc import Sequence
from dataclasses import dataclass

from kubernel.api.admission.conditions import Conditions
from kubernel.api.admission.matching import Matching
from kubernel.objects.cel.admission import CONDITION_VARIABLES
from kubernel.objects.models import ApiObject, admissionregistration, meta_of

__all__ = ["Webhook", "webhooks_of"]

_REVIEW_VERSIONS = ("v1", "v1beta1")
_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook.

    Attributes:
        name: Its name, which errors show.
        matching, conditions: Which writes it is asked about.
        client: Where it is and what its certificate is signed with.
        timeout_s: How long it may take.
        may_fail: Whether a write goes on without it when it cannot be asked.
        allows_dry_run: Whether it does nothing but answer when the write is a dry run.
        is_reinvoked: Whether it wants to see what others changed after it.
        review_version: The version of the ``AdmissionReview`` that it is sent.
    """

    name: str
    matching: Matching
    conditions: Conditions
    client: admissionregistration.WebhookClientConfig
    timeout_s: int
    may_fail: bool
    allows_dry_run: bool
    is_reinvoked: bool
    review_version: str


def webhooks_of(configuration: ApiObject) -> Sequence[Webhook]:
    """Compile a ``MutatingWebhookConfiguration`` or ``ValidatingWebhookConfiguration``."""
    assert isinstance(
        configuration,
        admissionregistration.MutatingWebhookConfiguration | admissionregistration.ValidatingWebhookConfiguration,
    ), meta_of(configuration).name
    return [_compiled(webhook) for webhook in configuration.webhooks or ()]


def _compiled(webhook: admissionregistration.MutatingWebhook | admissionregistration.ValidatingWebhook) -> Webhook:
    reinvocation = getattr(webhook, "reinvocationPolicy", None)  # only mutating ones have it
    return Webhook(
        webhook.name,
        Matching.of(webhook.rules or (), webhook.namespaceSelector, webhook.objectSelector, webhook.matchPolicy),
        Conditions.of(webhook.matchConditions, CONDITION_VARIABLES),
        webhook.clientConfig,
        webhook.timeoutSeconds or _TIMEOUT_S,
        webhook.failurePolicy == "Ignore",
        webhook.sideEffects in ("None", "NoneOnDryRun"),
        reinvocation == "IfNeeded",
        next((v for v in webhook.admissionReviewVersions if v in _REVIEW_VERSIONS), _REVIEW_VERSIONS[0]),
    )
