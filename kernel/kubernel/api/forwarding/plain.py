"""Passing on a request and its answer as HTTP; both bodies travel as they come, whatever their size."""

from collections.abc import AsyncIterator

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from kubernel.api.forwarding.backends import Backends, Destination
from kubernel.api.forwarding.headers import forwarded, returned
from kubernel.api.request.call import Answer
from kubernel.api.request.incoming import Incoming
from kubernel.objects.errors import unavailable

__all__ = ["pass_request"]

_DEFAULT_TYPE = "application/octet-stream"


async def pass_request(backends: Backends, incoming: Incoming, to: Destination, target: str) -> Answer:
    """Send a request on and return its answer as it begins; redirects are the client's business.

    Raises:
        StatusError: 503, nobody answers there.
    """
    try:
        response = await backends.session(to).request(
            incoming.method,
            URL(f"{to.origin}{target}", encoded=True),
            headers=CIMultiDict(forwarded(incoming, to.authority)),
            data=incoming.chunks() if incoming.has_body else None,
            allow_redirects=False,
            ssl=to.tls or True,  # True: as the session has it
            server_hostname=to.server_name or None,
        )
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # ValueError: an answer, or a path of the client's, that is no HTTP.
        raise unavailable(f"error trying to reach service: {str(error) or type(error).__name__}") from error
    headers = returned(response.headers.items())
    content_type = next((value for name, value in headers if name == "content-type"), _DEFAULT_TYPE)
    return Answer(
        response.status,
        content_type=content_type,
        headers=[(name, value) for name, value in headers if name != "content-type"],
        stream=_chunks(response),
        hang_up=response.close,
    )


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yield the body; one that breaks off breaks off for the client too (an error after the head is none of HTTP's)."""
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    finally:
        response.close()
