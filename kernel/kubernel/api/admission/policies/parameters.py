"""The objects that a binding parametrises its policy with."""

from collections.abc import Sequence

from kubernel.api.admission.policies.compiled import Binding, Policy
from kubernel.api.admission.review import Review
from kubernel.objects import codec
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.models import Plain, admissionregistration
from kubernel.objects.registry import AnyKind
from kubernel.objects.selectors import from_label_selector
from kubernel.watch import Record

__all__ = ["Misconfigured", "parameters_for"]


class Misconfigured(Exception):  # noqa: N818 - a condition, as the house names them
    """A binding cannot be applied; the message says why."""


def parameters_for(policy: Policy, binding: Binding, review: Review) -> Sequence[Plain | None]:
    """Return what a policy is to be evaluated with, once each.

    Returns:
        The parameters; one ``None`` when the policy or the binding has none, and nothing when none is found and the
        binding lets the write go on without.

    Raises:
        Misconfigured: They cannot be found, and must be.
    """
    wanted, reference = policy.param_kind, binding.parameters
    if wanted is None or reference is None:
        return [None]
    kind = _kind(wanted, review)
    records = _records(kind, _namespace(kind, reference, review), reference, review)
    if not records and reference.parameterNotFoundAction == "Deny":
        raise Misconfigured("no params found for policy binding with `Deny` parameterNotFoundAction")
    return [codec.to_plain(record.decode()) for record in records]


def _kind(wanted: admissionregistration.ParamKind, review: Review) -> AnyKind:
    group, _, version = (wanted.apiVersion or "").rpartition("/")
    kind = review.registry.by_gvk(GroupVersionKind(group, version, wanted.kind or ""))
    if kind is None:
        what = f"{wanted.apiVersion}, Kind={wanted.kind}"
        raise Misconfigured(f"failed to find resource referenced by paramKind: '{what}'")
    return kind


def _namespace(kind: AnyKind, reference: admissionregistration.ParamRef, review: Review) -> str:
    if not kind.namespaced:
        if reference.namespace:
            raise Misconfigured("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
        return ""
    namespace = reference.namespace or review.request.attributes.namespace
    if not namespace:
        raise Misconfigured("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources")
    return namespace


def _records(
    kind: AnyKind, namespace: str, reference: admissionregistration.ParamRef, review: Review
) -> Sequence[Record]:
    collection = review.cache.collection(kind)
    if reference.name:
        record = collection.get(namespace, reference.name)
        return [] if record is None else [record]
    if reference.selector is None:
        raise Misconfigured("one of name or selector must be provided")
    selector = from_label_selector(reference.selector)
    found = [r for r in collection.all() if r.namespace == namespace and selector.matches(r.labels)]
    return sorted(found, key=lambda record: record.name)
