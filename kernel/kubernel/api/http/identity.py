"""Who sends a request: what the connection shows, handed to the authentication chain and the authoriser."""

from collections.abc import Iterable
from functools import partial

from falcon.asgi import Request

from kubernel.api.http.impersonation import impersonate
from kubernel.api.http.peer import Peer
from kubernel.api.state import State
from kubernel.objects.errors import StatusError, forbidden, unauthorized
from kubernel.plugin.hooks import Attributes, ConnectionInfo, Decision, Identity

__all__ = ["authenticate", "authorize"]


def authenticate(state: State, req: Request) -> Identity:
    """Return who sends the request, or as whom it is sent.

    Raises:
        StatusError: 401, nobody knows; there are no anonymous requests. 403, nobody may act as somebody else.
    """
    peer: Peer = req.scope.get("state", {}).get("peer") or Peer()
    headers = req.headers
    identity = state.hooks.authenticate(
        ConnectionInfo(headers, peer_uid=peer.uid, certificate=peer.certificate, remote=peer.address)
    )
    if identity is None:
        raise unauthorized()
    for name in headers:  # no generator: every request comes here
        if name.startswith("impersonate-"):
            return impersonate(identity, _decoded(req.scope["headers"]), req.path, partial(authorize, state))
    return identity


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def authorize(state: State, attributes: Attributes) -> None:
    """Let the request go on, or not.

    Raises:
        StatusError: 403, in Kubernetes' words.
    """
    decision = state.hooks.authorize(attributes)
    if decision is None or not decision.is_allowed:
        raise _refusal(attributes, decision)


def _refusal(attributes: Attributes, decision: Decision | None) -> Exception:
    user = attributes.identity.user
    if not attributes.resource:
        why = f'User "{user}" cannot {attributes.verb} path "{attributes.path}"'
    else:
        resource = "/".join(filter(None, (attributes.resource, attributes.subresource)))
        scope = f'in the namespace "{attributes.namespace}"' if attributes.namespace else "at the cluster scope"
        why = f'User "{user}" cannot {attributes.verb} resource "{resource}" in API group "{attributes.group}" {scope}'
    if decision is not None and decision.reason:
        why = f"{why}: {decision.reason}"
    if not attributes.resource:
        return StatusError(403, "Forbidden", f"forbidden: {why}")
    return forbidden(attributes.resource, attributes.name, why, attributes.group)
