"""The ASGI application: Falcon with its routes, its one place for errors, and the life of the process."""

import gc
import logging
import sys
from time import perf_counter
from typing import Any

import falcon
import falcon.asgi
from falcon.asgi import Request, Response

from kubernel.api.discovery import Discovery
from kubernel.api.http.body import watch_for_cut
from kubernel.api.http.document_routes import DiscoveryRoute, OpenAPIRoute
from kubernel.api.http.finishing import finish, is_finished
from kubernel.api.http.health_routes import HealthRoute, MetricsRoute, VersionRoute
from kubernel.api.http.identity import authenticate, authorize
from kubernel.api.http.issuer_routes import IssuerRoute
from kubernel.api.http.request_log import RequestLine, RequestLog, now_ms
from kubernel.api.http.router import Router
from kubernel.api.http.routes import ResourceRoute, respond
from kubernel.api.request.call import Answer
from kubernel.api.settings import ServerSettings
from kubernel.api.state import State
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, internal, method_not_allowed, path_not_found
from kubernel.plugin.hooks import Attributes

__all__ = ["Application"]

_log = logging.getLogger("kubernel.api")
_RESOURCE_ROOTS = ("/api/", "/apis/")


class Application:
    """One API process as an ASGI application."""

    def __init__(self, settings: ServerSettings) -> None:
        self.state = State(settings)
        self._falcon = _routes(self.state)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
        """Serve one connection's worth of ASGI events."""
        scope["kubernel.receive"] = receive  # a stream listens for the client's hanging up
        await self._falcon(scope, watch_for_cut(scope, receive), send)


def _routes(state: State) -> falcon.asgi.App:
    app: falcon.asgi.App = falcon.asgi.App(middleware=[_Around(state)], router=Router())
    app.req_options.strip_url_path_trailing_slash = True
    app.req_options.keep_blank_qs_values = True
    app.add_error_handler(Exception, _on_bug)
    app.add_error_handler(falcon.HTTPError, _on_falcon_error)
    app.add_error_handler(StatusError, _on_status)
    documents, health = DiscoveryRoute(Discovery(state.registry, state.aggregation.remotes)), HealthRoute(state)
    openapi = OpenAPIRoute(state)
    resources, issuer = ResourceRoute(state), IssuerRoute(state)
    app.add_route("/api/{version}/{rest:path}", resources)
    app.add_route("/apis/{group}/{version}/{rest:path}", resources)
    app.add_route("/api", documents, suffix="core")
    app.add_route("/apis", documents, suffix="groups")
    app.add_route("/api/{version}", documents, suffix="resources")
    app.add_route("/apis/{group}", documents, suffix="group")
    app.add_route("/apis/{group}/{version}", documents, suffix="resources")
    app.add_route("/openapi/v2", openapi, suffix="everything")
    app.add_route("/openapi/v3", openapi)
    app.add_route("/openapi/v3/api/{version}", openapi, suffix="document")
    app.add_route("/openapi/v3/apis/{group}/{version}", openapi, suffix="document")
    app.add_route("/.well-known/openid-configuration", issuer)
    app.add_route("/openid/v1/jwks", issuer, suffix="keys")
    app.add_route("/version", VersionRoute())
    app.add_route("/healthz", health)
    app.add_route("/livez", health)
    app.add_route("/readyz", health, suffix="ready")
    app.add_route("/metrics", MetricsRoute(state))
    return app


class _Around:
    """What happens around every request: identify, count, log; and the start and stop of the process."""

    def __init__(self, state: State) -> None:
        self._state = state
        path = state.settings.request_log
        self._requests = RequestLog(path) if path else None

    async def process_startup(self, _scope: Any, _event: Any) -> None:  # noqa: ANN401
        await self._state.start()
        _settle_memory()

    async def process_shutdown(self, _scope: Any, _event: Any) -> None:  # noqa: ANN401
        await self._state.stop()
        if self._requests is not None:
            self._requests.close()

    async def process_request(self, req: Request, _resp: Response) -> None:
        req.context.began = perf_counter()
        req.context.target = req.context.verb = req.context.identity = req.context.form = None
        req.context.identity = identity = authenticate(self._state, req)
        path = req.path
        if "//" in path:
            raise path_not_found()  # the router does not mind, and no two paths may mean the same
        if not _is_of_resources(path):
            authorize(self._state, Attributes(identity, req.method.lower(), path))

    async def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        if not is_finished(req, resp):
            await finish(req, resp)
        context = req.context
        seconds = perf_counter() - context.began
        target = context.target
        if target is not None:
            self._state.metrics.request(context.verb, target.kind.plural, target.subresource, resp.status_code, seconds)
        if self._requests is not None:
            identity = context.identity
            self._requests.add(
                RequestLine(
                    now_ms(),
                    req.method,
                    req.path,
                    req.query_string,
                    resp.status_code,
                    round(seconds * 1_000, 3),
                    identity.user if identity else "",
                    req.headers.get("user-agent", ""),
                    req.remote_addr if identity is None else "",
                )
            )


def _is_of_resources(path: str) -> bool:
    """Whether a path is a resource's; ``/api/v1``, ``/apis/apps`` and ``/apis/apps/v1`` are documents."""
    if not path.startswith(_RESOURCE_ROOTS):
        return False
    return path.rstrip("/").count("/") > (3 if path.startswith("/apis/") else 2)


def _settle_memory() -> None:
    """Keep the garbage collector away from what lives as long as the process.

    Modules, kinds and the loaded cache are hundreds of thousands of objects that never become garbage; scanning them
    again and again cost a third of the create rate (decision 0003). Young garbage is still collected, in larger
    portions.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()
    # The thread that waits for the disk gives up the interpreter and must get it back soon: 5 ms, the default, would
    # be longer than the sync itself.
    sys.setswitchinterval(0.0005)


async def _on_status(_req: Request, resp: Response, error: Exception, _params: Any) -> None:  # noqa: ANN401
    assert isinstance(error, StatusError)
    respond(resp, Answer(error.code, codec.encode_plain(error.status())))
    if error.retry_after_s is not None:
        resp.set_header("Retry-After", str(error.retry_after_s))
    if error.allowed:
        resp.set_header("Allow", ", ".join(sorted(error.allowed)))
    if error.code == 401:
        resp.set_header("WWW-Authenticate", 'Bearer realm="kubernel"')


async def _on_falcon_error(req: Request, resp: Response, error: Exception, params: Any) -> None:  # noqa: ANN401
    """Falcon's own refusals (no such path, method, header) in Kubernetes' words."""
    assert isinstance(error, falcon.HTTPError)
    if isinstance(error, falcon.HTTPNotFound):
        status = path_not_found()
    elif isinstance(error, falcon.HTTPMethodNotAllowed):
        allowed = dict(error.headers or {}).get("Allow", "").split(", ")
        nobody = {"HEAD", "OPTIONS"} if _is_of_resources(req.path) else {"OPTIONS"}
        status = method_not_allowed(allowed=[method for method in allowed if method not in nobody])
    else:
        status = bad_request(error.description or error.title or "the request cannot be understood")
    await _on_status(req, resp, status, params)


async def _on_bug(req: Request, resp: Response, error: Exception, params: Any) -> None:  # noqa: ANN401
    _log.error("%s %s failed", req.method, req.path, exc_info=error)
    await _on_status(req, resp, internal(f"{type(error).__name__}; the server's log has more"), params)
