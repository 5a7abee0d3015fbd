"""What webhooks of both sorts must say.

Source: Kubernetes' ``pkg/apis/admissionregistration/validation`` (``validateValidatingWebhook`` …).
"""

from collections.abc import Iterable, Sequence

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.interventions.destinations import default_destination, destination_errors
from kubernel.objects.interventions.expressions import Expressions, condition_errors
from kubernel.objects.interventions.matching import MATCH_POLICIES, default_rules, rule_errors
from kubernel.objects.models import admissionregistration, meta
from kubernel.objects.rules.names import dns_service_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import repeats
from kubernel.objects.selectors import label_selector_errors

__all__ = ["FAILURE_POLICIES", "REINVOCATION_POLICIES", "default_webhook", "webhook_errors"]

Webhook = admissionregistration.ValidatingWebhook | admissionregistration.MutatingWebhook
FAILURE_POLICIES = ("Fail", "Ignore")
REINVOCATION_POLICIES = ("IfNeeded", "Never")
SIDE_EFFECTS = ("None", "NoneOnDryRun")
REVIEW_VERSIONS = ("v1", "v1beta1")
TIMEOUT_S, TIMEOUT_MAX_S = 10, 30
NAME_LABELS = 3


def default_webhook(webhook: Webhook) -> None:
    """Fill in what a webhook leaves out, in place."""
    webhook.failurePolicy = webhook.failurePolicy or "Fail"
    webhook.matchPolicy = webhook.matchPolicy or "Equivalent"
    webhook.namespaceSelector = webhook.namespaceSelector or meta.LabelSelector()
    webhook.objectSelector = webhook.objectSelector or meta.LabelSelector()
    webhook.timeoutSeconds = TIMEOUT_S if webhook.timeoutSeconds is None else webhook.timeoutSeconds
    default_rules(webhook.rules)
    default_destination(webhook.clientConfig)


def webhook_errors(webhooks: Sequence[Webhook] | None) -> Iterable[FieldError]:
    """Check all webhooks of a configuration."""
    names: set[str] = set()
    expressions: Expressions | None = None
    for i, webhook in enumerate(webhooks or ()):
        path = f"webhooks[{i}]"
        yield from _name_errors(webhook.name, f"{path}.name")
        yield from _choice_errors(webhook, path)
        yield from label_selector_errors(webhook.namespaceSelector, f"{path}.namespaceSelector")
        yield from label_selector_errors(webhook.objectSelector, f"{path}.objectSelector")
        yield from destination_errors(webhook.clientConfig, f"{path}.clientConfig")
        if webhook.matchConditions:
            expressions = expressions or Expressions(of_policy=False)
            yield from condition_errors(webhook.matchConditions, f"{path}.matchConditions", expressions)
        yield from _version_errors(webhook.admissionReviewVersions, f"{path}.admissionReviewVersions")
        if webhook.name and webhook.name in names:
            yield field_duplicate(f"{path}.name", webhook.name)
        names.add(webhook.name)


def _name_errors(name: str, path: str) -> Iterable[FieldError]:
    if not name:
        yield field_required(path)
    elif whys := dns_subdomain_errors(name):
        yield field_invalid(path, name, ",".join(whys))
    elif name.count(".") < NAME_LABELS - 1:
        yield field_invalid(path, name, "should be a domain with at least three segments separated by dots")


def _choice_errors(webhook: Webhook, path: str) -> Iterable[FieldError]:
    for i, rule in enumerate(webhook.rules or ()):
        yield from rule_errors(rule, f"{path}.rules[{i}]")
    for name, choices in (
        ("failurePolicy", FAILURE_POLICIES),
        ("matchPolicy", MATCH_POLICIES),
        ("sideEffects", SIDE_EFFECTS),
        ("reinvocationPolicy", REINVOCATION_POLICIES),
    ):
        value: str | None = getattr(webhook, name, None)
        if value is not None and value not in choices:
            yield field_not_supported(f"{path}.{name}", value, choices)
    timeout_s = webhook.timeoutSeconds
    if timeout_s is not None and not 1 <= timeout_s <= TIMEOUT_MAX_S:
        why = f"the timeout value must be between 1 and {TIMEOUT_MAX_S} seconds"
        yield field_invalid(f"{path}.timeoutSeconds", timeout_s, why)


def _version_errors(versions: list[str], path: str) -> Iterable[FieldError]:
    known = ", ".join(REVIEW_VERSIONS)
    if not versions:
        yield field_required(path, f"must specify one of {known}")
        return
    for i, version, is_repeated in repeats(versions):
        if is_repeated:
            yield field_invalid(f"{path}[{i}]", version, "duplicate version")
        else:
            whys = dns_service_label_errors(version)
            yield from (field_invalid(f"{path}[{i}]", version, why) for why in whys)
    if not set(versions) & set(REVIEW_VERSIONS):
        yield field_invalid(path, versions, f"must include at least one of {known}")
