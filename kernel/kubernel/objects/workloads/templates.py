"""The template that a workload's pods are made of.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidatePodTemplateSpec``), ``pkg/apis/apps/validation``.
"""

from collections.abc import Collection, Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.defaults import default_pod_spec
from kubernel.objects.pods.spec import spec_errors
from kubernel.objects.rules.labels import annotation_errors, label_errors

__all__ = ["default_template", "lasting_errors", "template_errors"]


def default_template(template: core.PodTemplateSpec | None) -> None:
    """Fill in what a template leaves out; there may be none."""
    if template is not None and template.spec is not None:
        default_pod_spec(template.spec)


def template_errors(template: core.PodTemplateSpec, path: str, *, claims: Collection[str] = ()) -> Iterable[FieldError]:
    """Check a template with defaults filled in.

    Args:
        template: What to check.
        path: Where it is.
        claims: Names that its containers may mount beside its own volumes: a StatefulSet's claim templates.
    """
    if template.metadata is not None:
        yield from label_errors(template.metadata.labels, f"{path}.labels")
        yield from annotation_errors(template.metadata.annotations, f"{path}.annotations")
    if template.spec is None:
        yield field_required(f"{path}.spec.containers")
        return
    yield from spec_errors(template.spec, f"{path}.spec", claims=claims)
    if template.spec.ephemeralContainers:
        yield field_forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")


def lasting_errors(template: core.PodTemplateSpec, path: str, owner: str) -> Iterable[FieldError]:
    """Check a template whose pods are to run for ever.

    Args:
        template: The template.
        path: Where it is.
        owner: The kind that has it, for the sentence: ``ReplicaSet``.
    """
    spec = template.spec
    if spec is None:
        return
    if spec.restartPolicy != "Always":
        yield field_not_supported(f"{path}.spec.restartPolicy", spec.restartPolicy, ("Always",))
    if spec.activeDeadlineSeconds is not None:
        why = f"activeDeadlineSeconds in {owner} is not Supported"
        yield field_forbidden(f"{path}.spec.activeDeadlineSeconds", why)
