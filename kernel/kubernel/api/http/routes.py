"""The HTTP face: paths to verbs, requests to calls, answers to responses. The only room that knows Falcon's types."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from falcon.asgi import Request, Response

from kubernel.api.http.identity import authorize
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import flag
from kubernel.api.request.target import Target, parse_target
from kubernel.api.state import State
from kubernel.api.subresources.table import SUBRESOURCES, subresources_of
from kubernel.api.verbs.table import COLLECTION, SINGLE, WATCH, Handler
from kubernel.objects.errors import method_not_allowed, path_not_found, too_large

__all__ = ["ResourceRoute", "respond"]

_WATCH_PREFIX = "watch/"


def respond(resp: Response, answer: Answer) -> None:
    """Put an answer into Falcon's response."""
    resp.status = answer.code
    resp.content_type = answer.content_type
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

    async def _serve(self, req: Request, resp: Response, where: tuple[str, str, str]) -> None:
        state, (group, version, rest) = self._state, where
        # `/api/v1/watch/pods` is the old spelling of `/api/v1/pods?watch`.
        is_watch = rest.startswith(_WATCH_PREFIX) and req.method == "GET"
        target = parse_target(state.registry, group, version, rest.removeprefix(_WATCH_PREFIX) if is_watch else rest)
        query = {key: value[-1] if isinstance(value, list) else value for key, value in req.params.items()}
        verb, handler = _verb(req.method, target, is_watch=is_watch or ("watch" in query and flag(query, "watch")))
        call = Call(
            state,
            target,
            req.context.identity,
            verb,
            req.path,
            query,
            await _body(req, state.settings.max_body_bytes),
            req.content_type or "",
            req.get_header("accept") or "",
        )
        req.context.target, req.context.verb = target, verb
        authorize(state, call.attributes())
        if target.kind.deprecation:
            _warn(resp, target.kind.deprecation)
        if verb != "watch" and (not target.subresource or SUBRESOURCES[target.subresource].is_negotiated):
            req.context.form = call.form  # before anything happens: what cannot be answered is not done
        answer = await handler(call)
        respond(resp, answer)
        if answer.stream is not None:
            resp.stream = _until_hang_up(req, answer.stream, answer.hang_up)


def _verb(method: str, target: Target, *, is_watch: bool) -> tuple[str, Handler]:
    kind, subresource = target.kind, target.subresource
    if subresource:
        if subresource not in subresources_of(kind):
            raise path_not_found()
        found = SUBRESOURCES[subresource].methods.get(method)
    elif method == "GET" and is_watch:
        found = WATCH
    else:
        found = (SINGLE if target.name else COLLECTION).get(method)
        if method == "POST" and kind.namespaced and not target.namespace:
            found = None
    if found is None or (not subresource and found[0] not in kind.verbs):
        raise method_not_allowed(kind.plural, kind.group)
    return found


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
