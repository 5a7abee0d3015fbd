"""The HTTP face: paths to verbs, requests to calls, answers to responses. The only room that knows Falcon's types."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from falcon.asgi import Request, Response

from kubernel.api.http.identity import authorize
from kubernel.api.http.incoming import incoming_of
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import flag
from kubernel.api.request.target import Target, parse_target
from kubernel.api.state import State
from kubernel.api.subresources.table import ASKED, Subresource, subresource_of
from kubernel.api.verbs.table import COLLECTION, SINGLE, WATCH, Handler
from kubernel.objects.errors import method_not_allowed, path_not_found, too_large

__all__ = ["ResourceRoute", "respond"]

_WATCH_PREFIX = "watch/"


def respond(resp: Response, answer: Answer) -> None:
    """Put an answer into Falcon's response."""
    resp.status = answer.code
    resp.content_type = answer.content_type
    for name, value in answer.headers:
        resp.append_header(name, value)
    if answer.stream is None:
        resp.data = answer.body
    for warning in answer.warnings:
        _warn(resp, warning)


def _warn(resp: Response, warning: str) -> None:
    quoted = warning.replace("\\", "\\\\").replace('"', '\\"')
    resp.append_header("Warning", f'299 - "{quoted}"')


class ResourceRoute:
    """Every object of every kind: ``/api/v1/…`` and ``/apis/GROUP/VERSION/…``."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def on_get(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """``get``, ``list`` or ``watch``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_post(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """``create``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_put(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """``update``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_patch(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """``patch``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_delete(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """``delete`` or ``deletecollection``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_head(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """Only through ``proxy``."""
        await self._serve(req, resp, (group, version, rest))

    async def on_options(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """Only through ``proxy``."""
        await self._serve(req, resp, (group, version, rest))

    async def _serve(self, req: Request, resp: Response, where: tuple[str, str, str]) -> None:
        state, (group, version, rest) = self._state, where
        # `/api/v1/watch/pods` is the old spelling of `/api/v1/pods?watch`.
        is_watch = rest.startswith(_WATCH_PREFIX) and req.method == "GET"
        target = parse_target(state.registry, group, version, rest.removeprefix(_WATCH_PREFIX) if is_watch else rest)
        query = {key: value[-1] if isinstance(value, list) else value for key, value in req.params.items()}
        is_watch = is_watch or ("watch" in query and flag(query, "watch"))
        verb, handler, subresource = _verb(req.method, target, is_watch=is_watch)
        incoming = incoming_of(req) if subresource is not None and subresource.passes_on else None
        call = Call(
            state,
            target,
            req.context.identity,
            verb,
            req.path,
            query,
            await _body(req, state.settings.max_body_bytes) if incoming is None else b"",
            req.content_type or "",
            req.get_header("accept") or "",
            incoming,
        )
        req.context.target, req.context.verb = target, verb
        authorize(state, call.attributes())
        if target.kind.deprecation:
            _warn(resp, target.kind.deprecation)
        if verb != "watch" and (subresource is None or subresource.is_negotiated):
            req.context.form = call.form  # before anything happens: what cannot be answered is not done
        try:
            answer = await handler(call)
        finally:
            if call.admitted:
                state.hooks.settled(call.admitted)
        respond(resp, answer)
        if answer.stream is not None:
            listens = incoming is None or not incoming.has_body  # else who reads the body hears of it
            resp.stream = _until_hang_up(req, answer.stream, answer.hang_up) if listens else answer.stream


def _verb(method: str, target: Target, *, is_watch: bool) -> tuple[str, Handler, Subresource | None]:
    """Return the verb, who answers it, and the subresource that it is a request to."""
    kind = target.kind
    if target.subresource:
        served = subresource_of(kind, target.subresource)
        if served is None:
            raise path_not_found()
        verb, handler = served.methods.get(method) or (None, None)
        if verb is None or handler is None:
            raise method_not_allowed(kind.plural, kind.group)
        return verb, handler, served
    found = WATCH if method == "GET" and is_watch else (SINGLE if target.name else COLLECTION).get(method)
    if (
        found is None
        or found[0] not in kind.verbs
        or (found[0] == "create" and kind.namespaced and not target.namespace)
    ):
        raise method_not_allowed(kind.plural, kind.group)
    return found[0], found[1] if kind.is_stored else ASKED.get(kind.gvk, found[1]), None


async def _body(req: Request, limit_bytes: int) -> bytes:
    length = req.content_length
    if length is None and req.get_header("transfer-encoding") is None:
        return b""
    if length is not None and length > limit_bytes:
        raise too_large(limit_bytes)
    body: bytes = await req.stream.read(limit_bytes + 1)
    if len(body) > limit_bytes:
        raise too_large(limit_bytes)
    return body


async def _until_hang_up(
    req: Request, stream: AsyncIterator[bytes], hang_up: Callable[[], None] | None
) -> AsyncIterator[bytes]:
    """Pass a stream on, and end it when the client goes away: a silent watch would never notice otherwise."""

    async def watch_connection() -> None:
        while (await req.scope["kubernel.receive"]())["type"] != "http.disconnect":
            pass
        if hang_up is not None:
            hang_up()

    connection = asyncio.get_running_loop().create_task(watch_connection(), name="hang-up")
    try:
        async for chunk in stream:
            yield chunk
    finally:
        connection.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await connection
        await stream.aclose()  # type: ignore[attr-defined]  # all our streams are generators
