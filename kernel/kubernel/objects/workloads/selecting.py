"""The selector of a workload: it must be there, say something, select the template, and never change.

Source: Kubernetes' ``pkg/apis/apps/validation``.
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, StatusError, field_invalid, field_required
from kubernel.objects.models import core, meta
from kubernel.objects.selectors import Selector, from_label_selector, label_selector_errors

__all__ = ["mismatch_errors", "required_selector_errors", "selector_text", "shown_selector"]

NONE = "<none>"


def required_selector_errors(selector: meta.LabelSelector | None, path: str, owner: str) -> Iterable[FieldError]:
    """Check a selector that must be there and select less than everything.

    Args:
        selector: What to check.
        path: Where it is.
        owner: Who has it, for the sentence: ``deployment``.
    """
    if selector is None:
        yield field_required(path)
        return
    yield from label_selector_errors(selector, path)
    if not selector.matchLabels and not selector.matchExpressions:
        yield field_invalid(path, selector, f"empty selector is invalid for {owner}")


def mismatch_errors(
    selector: meta.LabelSelector | None, template: core.PodTemplateSpec, path: str, *, broken: str | None
) -> Iterable[FieldError]:
    """Check that a selector selects the pods that are made of its own template.

    Args:
        selector: The selector; ``None`` selects nothing.
        template: The template.
        path: Where the spec of both is.
        broken: What is said, beside its own errors, of a selector that cannot be read; ``None`` says nothing.
    """
    try:
        compiled = from_label_selector(selector)
    except StatusError:
        if broken is not None:
            yield field_invalid(f"{path}.selector", selector, broken)
        return
    labels = template.metadata.labels if template.metadata else None
    if not compiled.is_everything and not compiled.matches(labels):
        why = "`selector` does not match template `labels`"
        yield field_invalid(f"{path}.template.metadata.labels", labels, why)


def _compiled(selector: meta.LabelSelector | None) -> Selector | None:
    try:
        return from_label_selector(selector)
    except StatusError:  # stored by a release with other rules
        return None


def selector_text(selector: meta.LabelSelector | None) -> str:
    """Return the selector in its text form, for ``status.selector`` of a scale; empty when it cannot be read."""
    return str(_compiled(selector) or "")


def shown_selector(selector: meta.LabelSelector | None) -> str:
    """Return the selector as a column shows it: its text, ``<none>``, or ``<error>`` for one that cannot be read."""
    compiled = _compiled(selector)
    return "<error>" if compiled is None else str(compiled) or NONE
