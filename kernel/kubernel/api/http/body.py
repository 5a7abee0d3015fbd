"""A request's body, read whole: bounded in size, and never half of one.

A client that goes away in the middle, or is silent for so long that `bounded` gives it up, has sent nothing: half of
a YAML text, unlike half of a JSON text, may be an object too.
"""

from typing import Any

from falcon.asgi import Request

from kubernel.objects.errors import bad_request, too_large, unsupported_encoding

__all__ = ["read_body", "watch_for_cut"]

_CUT_OFF = "kubernel.cut_off"
_BODILESS = frozenset({"GET", "HEAD"})


def watch_for_cut(scope: Any, receive: Any) -> Any:  # noqa: ANN401 - ASGI's own types
    """Return the ``receive`` of a request, which notes when a body of unknown length does not come to its end."""
    if scope["type"] != "http" or scope["method"] in _BODILESS:
        return receive
    for name, _ in scope["headers"]:
        if name == b"transfer-encoding":
            return _noting(scope, receive)
    return receive


def _noting(scope: Any, receive: Any) -> Any:  # noqa: ANN401
    async def noting() -> Any:  # noqa: ANN401
        event = await receive()
        if event["type"] == "http.disconnect":
            scope[_CUT_OFF] = True
        return event

    return noting


async def read_body(req: Request, limit_bytes: int) -> bytes:
    """Read the body.

    Raises:
        StatusError: 400, it ended too early; 413, it is too large; 415, it is compressed.
    """
    length = req.content_length
    if length is None and req.get_header("transfer-encoding") is None:
        return b""
    if length is not None and length > limit_bytes:
        raise too_large(limit_bytes)
    if (encoding := req.headers.get("content-encoding", "")) not in ("", "identity"):
        raise unsupported_encoding(encoding)
    body: bytes = await req.stream.read(limit_bytes + 1)
    if len(body) > limit_bytes:
        raise too_large(limit_bytes)
    if (length is not None and len(body) < length) or req.scope.get(_CUT_OFF):
        raise bad_request("error reading the request body: unexpected EOF")
    return body
