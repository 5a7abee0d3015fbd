"""The HTTP face: paths to verbs, requests to calls, answers to responses. The only room that knows Falcon's types."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from falcon.asgi import Request, Response

from kubernel.api.aggregation.attributes import attributes_of
from kubernel.api.aggregation.remotes import Remote
from kubernel.api.http.body import read_body
from kubernel.api.http.identity import authorize
from kubernel.api.http.incoming import incoming_of
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import flag
from kubernel.api.request.target import Target, parse_target
from kubernel.api.state import State
from kubernel.api.subresources.table import ASKED, Subresource, subresource_of
from kubernel.api.verbs.table import COLLECTION, SINGLE, WATCH, Handler
from kubernel.objects.errors import method_not_allowed, path_not_found

__all__ = ["ResourceRoute", "pass_to_remote", "respond"]

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


def _query(req: Request) -> dict[str, str]:
    """Return the query's parameters; of one that stands twice Kubernetes takes the first."""
    return {key: value[0] if isinstance(value, list) else value for key, value in req.params.items()}


def _warn(resp: Response, warning: str) -> None:
    """Add a warning; what clients sent may be in it, and a header takes neither lines nor letters beyond Latin-1.

    UTF-8 goes through as bytes, which is how Go's clients read it (source: apimachinery's ``net.NewWarningHeader``).
    """
    quoted = "".join(c for c in warning if c.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
    resp.append_header("Warning", f'299 - "{quoted}"'.encode(errors="replace").decode("latin-1"))


class ResourceRoute:
    """Every object of every kind: ``/api/v1/…`` and ``/apis/GROUP/VERSION/…``."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def on_get(self, req: Request, resp: Response, version: str, rest: str, group: str = "") -> None:
        """Serve one request, of any method: `_verb` says what it asks for."""
        state = self._state
        if (remote := state.aggregation.find(group, version)) is not None:
            await _pass_to(state, remote, req, resp)
            return
        # `/api/v1/watch/pods` is the old spelling of `/api/v1/pods?watch`.
        is_watch = rest.startswith(_WATCH_PREFIX) and req.method == "GET"
        target = parse_target(state.registry, group, version, rest.removeprefix(_WATCH_PREFIX) if is_watch else rest)
        query = _query(req)
        is_watch = is_watch or ("watch" in query and flag(query, "watch"))
        verb, handler, subresource = _verb(req.method, target, is_watch=is_watch)
        incoming = incoming_of(req) if subresource is not None and subresource.passes_on else None
        headers = req.headers
        call = Call(
            state,
            target,
            req.context.identity,
            verb,
            req.path,
            query,
            content_type=headers.get("content-type", ""),
            accept=headers.get("accept", ""),
            user_agent=headers.get("user-agent", ""),
            incoming=incoming,
        )
        req.context.target, req.context.verb = target, verb
        authorize(state, call.attributes())
        if incoming is None:  # not before: who may not ask need not send
            call.body = await read_body(req, state.settings.max_body_bytes)
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

    on_post = on_put = on_patch = on_delete = on_get
    on_head = on_options = on_get  # only through ``proxy``


async def _pass_to(state: State, remote: Remote, req: Request, resp: Response) -> None:
    """Hand a request to somebody else's group on to its server."""
    authorize(state, attributes_of(req.context.identity, req.method, req.path, _query(req)))
    await pass_to_remote(state, remote, req, resp)


async def pass_to_remote(state: State, remote: Remote, req: Request, resp: Response) -> None:
    """Hand a request that its client may make on to who serves a group version.

    Raises:
        StatusError: 503, the server is not there or does not answer.
    """
    from kubernel.api.aggregation.passing import pass_to  # noqa: PLC0415 - brings what few servers need

    incoming = incoming_of(req)
    answer = await pass_to(remote, incoming, req.context.identity, state.backends, state.cache)
    respond(resp, answer)
    if answer.stream is not None:
        is_heard = not incoming.has_body  # else who reads the body hears of the client's going away
        resp.stream = _until_hang_up(req, answer.stream, answer.hang_up) if is_heard else answer.stream


def _verb(method: str, target: Target, *, is_watch: bool) -> tuple[str, Handler, Subresource | None]:
    """Return the verb, who answers it, and the subresource that it is a request to."""
    kind, subresource = target.kind, None
    if target.subresource and (subresource := subresource_of(kind, target.subresource)) is None:
        raise path_not_found()
    served = subresource.methods if subresource else SINGLE if target.name else COLLECTION
    found = WATCH if is_watch and method == "GET" and subresource is None else served.get(method)
    if found is None or not _is_served(method, found[0], target):
        allowed = [other for other, (verb, _) in served.items() if _is_served(other, verb, target)]
        raise method_not_allowed(kind.plural, kind.group, allowed=allowed)
    if subresource is not None or kind.is_stored:
        return found[0], found[1], subresource
    return found[0], ASKED.get(kind.gvk, found[1]), None


def _is_served(method: str, verb: str, target: Target) -> bool:
    """Whether a method of all kinds' objects is one of this kind's, and of this place."""
    if target.subresource:
        return True
    is_placed = method != "POST" or not target.kind.namespaced or bool(target.namespace)
    return is_placed and verb in target.kind.verbs


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
