"""Falcon's request as an `Incoming`: what came in, untouched."""

from collections.abc import AsyncIterator

from falcon.asgi import Request

from kubernel.api.request.incoming import Incoming

__all__ = ["incoming_of"]


def incoming_of(req: Request) -> Incoming:
    """Return the request for who passes it on."""
    scope = req.scope

    async def chunks() -> AsyncIterator[bytes]:
        async for chunk in req.stream:
            yield chunk

    return Incoming(
        method=req.method,
        raw_path=scope["raw_path"].decode("latin-1"),
        raw_query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        scheme=scope["scheme"],
        client=scope["client"][0] if scope.get("client") else "",
        chunks=chunks,
        take_over=scope["state"]["take_over"],
    )
