"""Which writes a webhook or a policy is for: rules over operations and resources, and selectors of labels.

Source: the fields of ``RuleWithOperations`` and ``MatchResources`` in ``admissionregistration.k8s.io/v1``, and how
Kubernetes reads them: a namespace is matched by its own labels, other objects of the cluster always match a
``namespaceSelector``, and an ``objectSelector`` matches the object before or after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kubernel.api.admission.review import Review
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.models import admissionregistration, meta, meta_of
from kubernel.objects.registry import AnyKind
from kubernel.objects.selectors import Selector, from_label_selector

__all__ = ["Matching", "is_exempt"]

_ANY = "*"
_GROUP = "admissionregistration.k8s.io"
Rule = admissionregistration.RuleWithOperations | admissionregistration.NamedRuleWithOperations


def is_exempt(kind: AnyKind) -> bool:
    """Whether nobody outside judges writes of this kind: who configures them must be able to set them right."""
    return kind.group == _GROUP


@dataclass(frozen=True, slots=True)
class Matching:
    """Compiled match constraints.

    Attributes:
        rules: At least one must match.
        excluded: None of these may.
        namespaces, objects: Selectors over labels; ``None`` matches all.
        is_exact: Whether only the version matches that the request names; else any version of the same objects.
    """

    rules: Sequence[Rule] | None
    excluded: Sequence[Rule] = ()
    namespaces: Selector | None = None
    objects: Selector | None = None
    is_exact: bool = False

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule] | None,
        namespaces: meta.LabelSelector | None,
        objects: meta.LabelSelector | None,
        policy: str | None,
        excluded: Sequence[Rule] = (),
    ) -> "Matching":
        """Compile constraints as an object has them; ``rules`` of ``None`` (a binding's) match everything."""
        return cls(rules, excluded, _selector(namespaces), _selector(objects), policy == "Exact")

    def kind_for(self, review: Review) -> AnyKind | None:
        """Return the version in which a matching write is to be shown; ``None`` when it does not match."""
        if not (self._matches_namespace(review) and self._matches_object(review)):
            return None
        if any(_matches(rule, review, review.kind) for rule in self.excluded):
            return None
        if self.rules is None or any(_matches(rule, review, review.kind) for rule in self.rules):
            return review.kind
        if self.is_exact:
            return None
        others = [kind for kind in review.registry.shown_as(review.kind) if kind is not review.kind]
        return next((kind for rule in self.rules for kind in others if _matches(rule, review, kind)), None)

    def _matches_namespace(self, review: Review) -> bool:
        selector = self.namespaces
        if selector is None:
            return True
        if review.kind is NAMESPACE:
            obj = review.request.obj if review.request.obj is not None else review.request.old
            return selector.matches(meta_of(obj).labels)
        if not review.request.attributes.namespace:
            return True
        record = review.cache.collection(NAMESPACE).get("", review.request.attributes.namespace)
        return record is not None and selector.matches(record.labels)

    def _matches_object(self, review: Review) -> bool:
        selector = self.objects
        if selector is None:
            return True
        if review.operation == "CONNECT":
            return False  # options have no labels, and Kubernetes takes them for what no selector matches
        objects = (review.request.obj, review.request.old)
        return any(obj is not None and selector.matches(meta_of(obj).labels) for obj in objects)


def _selector(selector: meta.LabelSelector | None) -> Selector | None:
    if selector is None or not (selector.matchLabels or selector.matchExpressions):
        return None
    return from_label_selector(selector)


def _matches(rule: Rule, review: Review, kind: AnyKind) -> bool:
    names = rule.resourceNames if isinstance(rule, admissionregistration.NamedRuleWithOperations) else None
    return (
        _has(rule.operations, review.operation)
        and _has(rule.apiGroups, kind.group)
        and _has(rule.apiVersions, kind.version)
        and _matches_scope(rule.scope, kind)
        and any(
            _names(resource, kind.plural, review.request.attributes.subresource) for resource in rule.resources or ()
        )
        and (not names or review.name in names)
    )


def _has(listed: Sequence[str] | None, wanted: str) -> bool:
    return any(value in (_ANY, wanted) for value in listed or ())


def _matches_scope(scope: str | None, kind: AnyKind) -> bool:
    if scope in (None, _ANY):
        return True
    # A namespace is a thing of the cluster, although requests for it name a namespace.
    return (scope == "Namespaced") == kind.namespaced


def _names(pattern: str, plural: str, subresource: str) -> bool:
    """Whether ``pods``, ``pods/*``, ``*/scale``, ``*`` or ``*/*`` names this."""
    resource, _, part = pattern.partition("/")
    return resource in (_ANY, plural) and part in (subresource, _ANY)
