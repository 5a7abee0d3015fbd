"""A request to somebody else's group: authorised here like any other, then passed on with the name of who asks.

The server there trusts the headers ``X-Remote-…`` because this server sends them (Kubernetes: the authenticating
proxy); what a client says in such headers itself is dropped.
"""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote

from kubernel.api.aggregation.remotes import Remote
from kubernel.api.forwarding.backends import Backends
from kubernel.api.forwarding.passing import pass_on
from kubernel.api.outside.endpoints import OutsideError
from kubernel.api.request.call import Answer
from kubernel.api.request.incoming import Header, Incoming
from kubernel.objects.errors import unavailable
from kubernel.plugin.hooks import Identity
from kubernel.watch import Cache

__all__ = ["pass_to"]

_PREFIX = "x-remote-"


async def pass_to(remote: Remote, incoming: Incoming, identity: Identity, backends: Backends, cache: Cache) -> Answer:
    """Send a request on and return what comes back.

    Raises:
        StatusError: 503, the server is not there or does not answer.
    """
    if not remote.is_available:
        raise unavailable("service unavailable")
    try:
        to = remote.destination(cache)
    except OutsideError as error:
        raise unavailable("service unavailable") from error
    kept = tuple(header for header in incoming.headers if not header[0].startswith(_PREFIX))
    named = replace(incoming, headers=(*kept, *_who(identity)))
    target = f"{incoming.raw_path}?{incoming.raw_query}" if incoming.raw_query else incoming.raw_path
    return await pass_on(backends, named, to, target)


def _who(identity: Identity) -> Iterable[Header]:
    yield f"{_PREFIX}user", identity.user
    if identity.uid:
        yield f"{_PREFIX}uid", identity.uid
    yield from ((f"{_PREFIX}group", group) for group in identity.groups)
    for key, values in identity.extra.items():
        yield from ((f"{_PREFIX}extra-{quote(key.lower(), safe='')}", value) for value in values)
