"""Exec, attach and port-forward: no runtime does them yet, and whoever asks is told so at once.

POST /exec/{namespace}/{pod}/{container}  /attach/{namespace}/{pod}/{container}  /portForward/{namespace}/{pod}
"""

from collections.abc import Callable

from aiohttp import web
from kubernel.objects.errors import StatusError, bad_request, not_found
from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import Runtime

from kubernel_node_agent.pods.reading import all_containers

__all__ = ["Streams"]

_NOT_IMPLEMENTED = 501


class Streams:
    """Answers for the connections into this agent's pods."""

    def __init__(self, runtime: Runtime, find_pod: Callable[[str, str], core.Pod | None]) -> None:
        self._runtime = runtime
        self._find_pod = find_pod

    def add_to(self, application: web.Application) -> None:
        """Serve the paths; a websocket is opened by GET, SPDY by POST."""
        for name in ("exec", "attach"):
            application.router.add_route("*", f"/{name}/{{namespace}}/{{pod}}/{{container}}", self._refuse)
        application.router.add_route("*", "/portForward/{namespace}/{pod}", self._refuse)

    async def _refuse(self, request: web.Request) -> web.StreamResponse:
        where = request.match_info
        pod, name = self._find_pod(where["namespace"], where["pod"]), where["pod"]
        if pod is None:
            raise not_found("pods", name)
        container = where.get("container")
        if container is not None and container not in {each.name for each in all_containers(pod)}:
            raise bad_request(f"container {container} is not valid for pod {name}")
        what = {"portForward": "port-forward"}.get(action := request.path.split("/")[1], action)
        why = f"{what} is not implemented by runtime {self._runtime.info.name}"
        raise StatusError(_NOT_IMPLEMENTED, "NotImplemented", why, name=name, kind="pods")
