"""The subresources: which exist, what is exchanged with them and who answers. Routes, discovery and OpenAPI read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from kubernel.api.request.call import Answer, Call
from kubernel.api.reviews import access, identities, rules
from kubernel.api.subresources import binding, eviction, proxy, scale, streams, tokens
from kubernel.api.verbs import patching, reads, writes
from kubernel.api.verbs.table import Handler
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.kinds.authentication.self_subject_review import SELF_SUBJECT_REVIEW
from kubernel.objects.kinds.authentication.token_review import TOKEN_REVIEW
from kubernel.objects.kinds.authorization.local_subject_access_review import LOCAL_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.self_subject_access_review import SELF_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.self_subject_rules_review import SELF_SUBJECT_RULES_REVIEW
from kubernel.objects.kinds.authorization.subject_access_review import SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.core.binding import BINDING
from kubernel.objects.registry import AnyKind

__all__ = ["ASKED", "SUBRESOURCES", "Subresource", "subresource_of", "subresources_of"]


@dataclass(frozen=True, slots=True)
class Subresource:
    """One subresource of any kind that has it.

    Attributes:
        methods: HTTP method → the verb for the authoriser, and who answers.
        exchanged: The full name of what is sent and answered; ``None`` is the object itself.
        kind: The kind of what is exchanged, where it has a schema of its own; it is never stored.
        is_negotiated: Whether the answer is an object in the form that the client accepts; a log or a proxied answer
            is what it is.
        passes_on: Whether somebody else answers: the body is left unread, and the handler gets `Call.incoming`.
    """

    methods: Mapping[str, tuple[str, Handler]]
    exchanged: GroupVersionKind | None = None
    kind: AnyKind | None = None
    is_negotiated: bool = True
    passes_on: bool = False

    @property
    def verbs(self) -> list[str]:
        """The verbs, sorted, as discovery lists them."""
        return sorted({verb for verb, _ in self.methods.values()})


def _later(module: str, name: str) -> Handler:
    """Return a handler whose module is imported with the first request: an HTTP client takes 70 ms and 8 MiB."""

    async def handle(call: Call) -> Answer:
        handler: Handler = getattr(import_module(f"kubernel.api.subresources.{module}"), name)
        return await handler(call)

    return handle


def _exchanging(kind: AnyKind, methods: Mapping[str, tuple[str, Handler]]) -> Subresource:
    return Subresource(methods, kind.gvk, kind)


def _opening(handler: Handler, options: str) -> Subresource:
    methods = {"GET": ("get", handler), "POST": ("create", handler)}
    return Subresource(methods, GroupVersionKind("", "v1", options), is_negotiated=False, passes_on=True)


def _proxying(handler: Handler, options: str) -> Subresource:
    methods = {method: (verb, handler) for method, verb in _PROXIED.items()}
    return Subresource(methods, GroupVersionKind("", "v1", options), is_negotiated=False, passes_on=True)


_PROXIED = {
    "DELETE": "delete",
    "GET": "get",
    "HEAD": "get",
    "OPTIONS": "get",
    "PATCH": "patch",
    "POST": "create",
    "PUT": "update",
}

_PART: Mapping[str, tuple[str, Handler]] = {
    "GET": ("get", reads.get),
    "PUT": ("update", writes.update),
    "PATCH": ("patch", patching.patch),
}

_WRITTEN_PART = Subresource(_PART)

SUBRESOURCES: Mapping[str, Subresource] = {
    "status": _WRITTEN_PART,
    "scale": _exchanging(
        scale.SCALE,
        {
            "GET": ("get", scale.get_scale),
            "PUT": ("update", scale.update_scale),
            "PATCH": ("patch", scale.patch_scale),
        },
    ),
    "binding": _exchanging(BINDING, {"POST": ("create", binding.bind)}),
    "eviction": _exchanging(eviction.EVICTION, {"POST": ("create", eviction.evict)}),
    "finalize": Subresource({"PUT": ("update", writes.update)}),
    "token": _exchanging(tokens.TOKEN_REQUEST, {"POST": ("create", tokens.request_token)}),
    "log": Subresource({"GET": ("get", _later("logs", "log"))}, is_negotiated=False),
    "exec": _opening(streams.exec_, "PodExecOptions"),
    "attach": _opening(streams.attach, "PodAttachOptions"),
    "portforward": _opening(streams.port_forward, "PodPortForwardOptions"),
    "pods/proxy": _proxying(proxy.proxy_pod, "PodProxyOptions"),
    "services/proxy": _proxying(proxy.proxy_service, "ServiceProxyOptions"),
    "nodes/proxy": _proxying(proxy.proxy_node, "NodeProxyOptions"),
}
"""Every subresource by its name, or by ``plural/name`` where kinds differ."""

ASKED: Mapping[GroupVersionKind, Handler] = {
    BINDING.gvk: binding.bind_by_name,
    LOCAL_SUBJECT_ACCESS_REVIEW.gvk: access.review_local_access,
    SELF_SUBJECT_ACCESS_REVIEW.gvk: access.review_own_access,
    SELF_SUBJECT_REVIEW.gvk: identities.review_self,
    SELF_SUBJECT_RULES_REVIEW.gvk: rules.review_own_rules,
    SUBJECT_ACCESS_REVIEW.gvk: access.review_access,
    TOKEN_REVIEW.gvk: identities.review_token,
}
"""The kinds that are asked for and never stored: who answers the ``create``, which is all that they have."""


def subresource_of(kind: AnyKind, name: str) -> Subresource | None:
    """Return a kind's subresource; ``None`` when it has none of this name."""
    if name == "status":
        return _WRITTEN_PART if kind.has_status else None
    if name in kind.parts:
        return SUBRESOURCES.get(name, _WRITTEN_PART)
    if name in kind.subresources or (name == "scale" and kind.scale is not None):
        return SUBRESOURCES.get(f"{kind.plural}/{name}") or SUBRESOURCES.get(name)
    return None


def subresources_of(kind: AnyKind) -> dict[str, Subresource]:
    """Return a kind's subresources by their names."""
    names = dict.fromkeys(("status", "scale", *kind.subresources, *kind.parts))
    return {name: found for name in names if (found := subresource_of(kind, name)) is not None}
