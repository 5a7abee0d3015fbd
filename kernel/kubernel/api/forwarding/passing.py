"""The way on: as HTTP, or, when the client asks for an upgrade, as bytes."""

from kubernel.api.forwarding.backends import Backends, Destination
from kubernel.api.forwarding.upgrade import pass_upgrade
from kubernel.api.request.call import Answer
from kubernel.api.request.incoming import Incoming

__all__ = ["pass_on"]


async def pass_on(backends: Backends, incoming: Incoming, to: Destination, target: str) -> Answer:
    """Send a request on and return what comes back.

    Args:
        backends: Connections.
        incoming: What the client sent.
        to: Where it goes.
        target: The path there, with its query.

    Raises:
        StatusError: 502 or 503, nobody answers there.
    """
    if incoming.upgrade and incoming.method != "HEAD":
        return await pass_upgrade(incoming, to, target)
    from kubernel.api.forwarding.plain import pass_request  # noqa: PLC0415 - an HTTP client: 70 ms and 8 MiB

    return await pass_request(backends, incoming, to, target)
