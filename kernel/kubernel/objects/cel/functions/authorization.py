"""``authorizer.group("apps").resource("deployments").check("create").allowed()``.

The chain of calls collects what is asked; `check` asks it. Whom it asks is the business of whoever evaluates: the
variable ``authorizer`` is only a name for it (`asking`).

Source: Kubernetes' CEL library ``kubernetes.authz``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from kubernel.objects.cel.functions.declared import BOOL, STRING, Function, Opaque, opaque
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors

__all__ = ["AUTHORIZER", "FUNCTIONS", "RESOURCE_CHECK", "Asked", "Authorize", "asking", "request_resource"]

AUTHORIZER = "kubernetes.authorization.Authorizer"
_PATH, _GROUP = "kubernetes.authorization.PathCheck", "kubernetes.authorization.GroupCheck"
RESOURCE_CHECK, _DECISION = "kubernetes.authorization.ResourceCheck", "kubernetes.authorization.Decision"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an expression asks: may this be done?

    Attributes:
        verb: The verb of the API, or the HTTP method in lower case for a path.
        service_account: ``namespace/name`` of a service account; empty for whoever sends the request.
        path: A path that is no resource; empty for a resource.
        group, resource, subresource, namespace, name: The resource.
    """

    verb: str
    service_account: str = ""
    path: str = ""
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""


Authorize = Callable[[Asked], tuple[bool, str]]
"""Answers whether it is allowed, and why."""

_authorize: ContextVar[Authorize | None] = ContextVar("authorize", default=None)


@contextmanager
def asking(authorize: Authorize | None) -> Iterator[None]:
    """Within this block, `check` asks ``authorize``."""
    token = _authorize.set(authorize)
    try:
        yield
    finally:
        _authorize.reset(token)


def request_resource(**parts: str) -> Opaque:
    """Return the value of ``authorizer.requestResource``: a check of the request's own resource.

    Args:
        parts: What `Asked` calls the parts of a resource.
    """
    return opaque(RESOURCE_CHECK, **parts)


def _path(authorizer: Opaque, path: str) -> Opaque:
    if not path.strip():
        raise ValueError("path must not be empty")
    return {**authorizer, "@type": _PATH, "path": path}


def _service_account(authorizer: Opaque, namespace: str, name: str) -> Opaque:
    if dns_subdomain_errors(name):
        raise ValueError("Invalid service account name")
    if dns_label_errors(namespace):
        raise ValueError("Invalid service account namespace")
    return {**authorizer, "service_account": f"{namespace}/{name}"}


def _resource(check: Opaque, resource: str) -> Opaque:
    if not resource.strip():
        raise ValueError("resource must not be empty")
    return {**check, "@type": RESOURCE_CHECK, "resource": resource}


def _with(field: str, type_name: str = RESOURCE_CHECK) -> Callable[[Opaque, str], Opaque]:
    return lambda check, value: {**check, "@type": type_name, field: value}


def _check(check: Opaque, verb: str) -> Opaque:
    authorize = _authorize.get()
    if authorize is None:
        return opaque(_DECISION, allowed=False, reason="", error="no authorizer is available")
    fields: dict[str, Any] = {key: value for key, value in check.items() if key != "@type"}
    allowed, reason = authorize(Asked(verb, **fields))
    return opaque(_DECISION, allowed=allowed, reason=reason, error="")


FUNCTIONS = (
    Function("path", "authorizer_path", (AUTHORIZER, STRING), _PATH, _path),
    Function("group", "authorizer_group", (AUTHORIZER, STRING), _GROUP, _with("group", _GROUP)),
    Function("serviceAccount", "authorizer_serviceaccount", (AUTHORIZER, STRING, STRING), AUTHORIZER, _service_account),
    Function("resource", "groupcheck_resource", (_GROUP, STRING), RESOURCE_CHECK, _resource),
    Function(
        "subresource", "resourcecheck_subresource", (RESOURCE_CHECK, STRING), RESOURCE_CHECK, _with("subresource")
    ),
    Function("namespace", "resourcecheck_namespace", (RESOURCE_CHECK, STRING), RESOURCE_CHECK, _with("namespace")),
    Function("name", "resourcecheck_name", (RESOURCE_CHECK, STRING), RESOURCE_CHECK, _with("name")),
    # Our authorisers decide without selectors, so these say nothing that could change the answer.
    Function(
        "fieldSelector", "authorizer_fieldselector", (RESOURCE_CHECK, STRING), RESOURCE_CHECK, lambda check, _: check
    ),
    Function(
        "labelSelector", "authorizer_labelselector", (RESOURCE_CHECK, STRING), RESOURCE_CHECK, lambda check, _: check
    ),
    Function("check", "pathcheck_check", (_PATH, STRING), _DECISION, _check),
    Function("check", "resourcecheck_check", (RESOURCE_CHECK, STRING), _DECISION, _check),
    Function("allowed", "decision_allowed", (_DECISION,), BOOL, lambda decision: decision["allowed"]),
    Function("reason", "decision_reason", (_DECISION,), STRING, lambda decision: decision["reason"]),
    Function("errored", "decision_errored", (_DECISION,), BOOL, lambda decision: bool(decision["error"])),
    Function("error", "decision_error", (_DECISION,), STRING, lambda decision: decision["error"]),
)
