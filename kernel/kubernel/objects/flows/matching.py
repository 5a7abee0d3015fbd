"""Which requests belong to a flow: who sends them, and what they ask for.

Source: Kubernetes' ``pkg/apis/flowcontrol/validation`` (``ValidateFlowSchemaPolicyRulesWithSubjects`` …).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import flowcontrol
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import required_name

__all__ = ["match_errors"]

ANY = "*"
VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch")
_MEMBERS = {"ServiceAccount": "serviceAccount", "User": "user", "Group": "group"}
"""Each kind of subject, and the member that says who it is."""


def match_errors(rule: flowcontrol.PolicyRulesWithSubjects, path: str) -> Iterable[FieldError]:
    """Check one rule of a flow."""
    if not rule.subjects:
        yield field_required(f"{path}.subjects", "subjects must contain at least one value")
    for i, subject in enumerate(rule.subjects):
        yield from _subject_errors(subject, f"{path}.subjects[{i}]")
    if not rule.resourceRules and not rule.nonResourceRules:
        yield field_required(path, "at least one of resourceRules and nonResourceRules has to be non-empty")
    for i, resources in enumerate(rule.resourceRules or ()):
        yield from _resource_errors(resources, f"{path}.resourceRules[{i}]")
    for i, urls in enumerate(rule.nonResourceRules or ()):
        yield from _url_errors(urls, f"{path}.nonResourceRules[{i}]")


def _subject_errors(subject: flowcontrol.Subject, path: str) -> Iterable[FieldError]:
    own = _MEMBERS.get(subject.kind)
    if own is None:
        yield field_not_supported(f"{path}.kind", subject.kind, sorted(_MEMBERS))
        return
    if getattr(subject, own) is None:
        yield field_required(f"{path}.{own}", f"{own} is required when subject kind is '{subject.kind}'")
    elif subject.kind == "ServiceAccount" and subject.serviceAccount is not None:
        yield from _account_errors(subject.serviceAccount, f"{path}.serviceAccount")
    elif not getattr(subject, own).name:
        yield field_required(f"{path}.{own}.name")
    for kind, member in _MEMBERS.items():
        if member != own and getattr(subject, member) is not None:
            yield field_forbidden(f"{path}.{member}", f"{member} is forbidden when subject kind is not '{kind}'")


def _account_errors(account: flowcontrol.ServiceAccountSubject, path: str) -> Iterable[FieldError]:
    if account.name != ANY:
        yield from required_name(dns_subdomain_errors, account.name, f"{path}.name")
    if not account.namespace:
        yield field_required(f"{path}.namespace", "must specify namespace for service account")
    for why in dns_label_errors(account.namespace) if account.namespace else ():
        yield field_invalid(f"{path}.namespace", account.namespace, why)


def _verb_errors(verbs: list[str], path: str) -> Iterable[FieldError]:
    if not verbs:
        yield field_required(path, "verbs must contain at least one value")
    elif ANY in verbs:
        yield from _alone(verbs, path, "verbs")
    elif not set(verbs) <= set(VERBS):
        yield field_not_supported(path, verbs, VERBS)


def _alone(values: list[str], path: str, called: str) -> Iterable[FieldError]:
    if len(values) > 1 and ANY in values:
        yield field_invalid(path, values, f"if '*' is present, must not specify other {called}")


def _resource_errors(rule: flowcontrol.ResourcePolicyRule, path: str) -> Iterable[FieldError]:
    yield from _verb_errors(rule.verbs, f"{path}.verbs")
    if not rule.apiGroups:
        yield field_required(f"{path}.apiGroups", "resource rules must supply at least one api group")
    yield from _alone(rule.apiGroups, f"{path}.apiGroups", "api groups")
    if not rule.resources:
        yield field_required(f"{path}.resources", "resource rules must supply at least one resource")
    yield from _alone(rule.resources, f"{path}.resources", "resources")
    namespaces, where = rule.namespaces or [], f"{path}.namespaces"
    if not namespaces and not rule.clusterScope:
        why = "resource rules that are not cluster scoped must supply at least one namespace"
        yield field_required(where, why)
    yield from _alone(namespaces, where, "namespaces")
    for i, name in enumerate(namespaces if ANY not in namespaces else ()):
        for why in dns_label_errors(name):
            intro = "each member of this list must be '*' or a DNS-1123 label; "
            yield field_invalid(f"{where}[{i}]", name, intro + why)


def _url_errors(rule: flowcontrol.NonResourcePolicyRule, path: str) -> Iterable[FieldError]:
    yield from _verb_errors(rule.verbs, f"{path}.verbs")
    urls, where = rule.nonResourceURLs, f"{path}.nonResourceURLs"
    if not urls:
        yield field_required(where, "nonResourceURLs must contain at least one value")
    yield from _alone(urls, where, "non-resource URLs")
    for i, url in enumerate(urls if ANY not in urls else ()):
        if why := _wrong(url):
            yield field_invalid(f"{where}[{i}]", url, why)


def _wrong(url: str) -> str:
    if not url:
        return "must not be empty"
    if not url.startswith("/"):
        return "must start with slash"
    if " " in url:
        return "must not contain white-space"
    if "//" in url:
        return "must not contain double slash"
    if url.count(ANY) > 1 or (ANY in url and not url.endswith("/*")):
        return "wildcard can only do suffix matching"
    return ""
