"""The rules of ``spec.conversion``: who converts between the versions of a definition."""

from collections.abc import Iterator

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.definition import Definition
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_required,
)
from kubernel.objects.rules.names import dns_service_label_errors
from kubernel.objects.rules.values import one_of
from kubernel.objects.rules.webhooks import client_errors

__all__ = ["REVIEW_VERSIONS", "conversion_errors"]

REVIEW_VERSIONS = ("v1", "v1beta1")
"""The versions of ConversionReview that this server speaks; they differ in nothing but their name."""

_PATH = "spec.conversion"


def conversion_errors(definition: Definition) -> Iterator[FieldError]:
    """Yield what is wrong with the conversion of a definition, after its defaults."""
    conversion = definition.spec.conversion
    if conversion is None:
        return
    yield from one_of(conversion.strategy, ("None", "Webhook"), f"{_PATH}.strategy")
    webhook = conversion.webhook
    if conversion.strategy == "Webhook":
        if webhook is None or webhook.clientConfig is None:
            yield field_required(f"{_PATH}.webhook.clientConfig", "required when strategy is set to Webhook")
        else:
            yield from client_errors(webhook.clientConfig, f"{_PATH}.webhook.clientConfig")
        yield from _review_errors(webhook, f"{_PATH}.webhook.conversionReviewVersions")
    elif webhook is not None:
        why = "should not be set when strategy is not set to Webhook"
        if webhook.clientConfig is not None:
            yield field_forbidden(f"{_PATH}.webhook.clientConfig", why)
        if webhook.conversionReviewVersions:
            yield field_forbidden(f"{_PATH}.webhook.conversionReviewVersions", why)


def _review_errors(webhook: apiextensions.WebhookConversion | None, path: str) -> Iterator[FieldError]:
    versions = webhook.conversionReviewVersions if webhook else []
    if not versions:
        yield field_required(path)
        return
    for i, version in enumerate(versions):
        if version in versions[:i]:
            yield field_invalid(f"{path}[{i}]", version, "duplicate version")
            continue
        for why in dns_service_label_errors(version):
            yield field_invalid(f"{path}[{i}]", version, why)
    if not any(version in REVIEW_VERSIONS for version in versions):
        yield field_invalid(path, versions, f"must include at least one of {', '.join(REVIEW_VERSIONS)}")
