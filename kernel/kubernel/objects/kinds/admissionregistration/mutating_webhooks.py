"""The kind ``MutatingWebhookConfiguration``: webhooks that may change writes."""

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.interventions.webhooks import default_webhook, webhook_errors
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import admissionregistration

__all__ = ["MUTATING_WEBHOOKS"]


def _default(configuration: admissionregistration.MutatingWebhookConfiguration) -> None:
    for webhook in configuration.webhooks or ():
        default_webhook(webhook)
        webhook.reinvocationPolicy = webhook.reinvocationPolicy or "Never"


MUTATING_WEBHOOKS = Kind(
    type=admissionregistration.MutatingWebhookConfiguration,
    group="admissionregistration.k8s.io",
    version="v1",
    name="MutatingWebhookConfiguration",
    plural="mutatingwebhookconfigurations",
    singular="mutatingwebhookconfiguration",
    namespaced=False,
    categories=("api-extensions",),
    default=_default,
    validate=lambda configuration: webhook_errors(configuration.webhooks),
    columns=(
        NAME,
        Column("Webhooks", lambda c, _: len(c.webhooks or ()), type="integer", description="How many webhooks."),
        AGE,
    ),
    counted_fields=("webhooks",),
)
