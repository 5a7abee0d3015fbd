"""Which API this is, whether it lives, and what it counts: ``/version``, ``/healthz`` and its like, ``/metrics``."""

from falcon.asgi import Request, Response

from kubernel.api.discovery import version
from kubernel.api.http.metrics import CONTENT_TYPE
from kubernel.api.http.negotiation import JSON
from kubernel.api.http.routes import respond
from kubernel.api.request.call import Answer
from kubernel.api.state import State
from kubernel.objects import codec

__all__ = ["HealthRoute", "MetricsRoute", "VersionRoute"]


class VersionRoute:
    """``/version``."""

    async def on_get(self, _req: Request, resp: Response) -> None:
        """Which Kubernetes API this is."""
        respond(resp, Answer(200, codec.encode_plain(version()), JSON))


class HealthRoute:
    """``/healthz``, ``/livez`` and ``/readyz``: the words that kube-apiserver answers with."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def on_get(self, _req: Request, resp: Response) -> None:
        """Alive."""
        respond(resp, Answer(200, b"ok", "text/plain; charset=utf-8"))

    on_head = on_get
    """Those who balance load ask so."""

    async def on_get_ready(self, _req: Request, resp: Response) -> None:
        """Whether requests can be served."""
        is_ready = self._state.is_ready and self._state.commit.is_running
        body = b"ok" if is_ready else b"[-]shutdown failed: reason withheld\nreadyz check failed\n"
        respond(resp, Answer(200 if is_ready else 500, body, "text/plain; charset=utf-8"))

    on_head_ready = on_get_ready


class MetricsRoute:
    """``/metrics``."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def on_get(self, _req: Request, resp: Response) -> None:
        """Everything the server counts."""
        respond(resp, Answer(200, self._state.metrics.text(), CONTENT_TYPE))

    on_head = on_get
