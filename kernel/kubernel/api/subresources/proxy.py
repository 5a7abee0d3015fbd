"""The subresource ``proxy`` of pods, services and nodes: the request goes on to what answers there.

The path there is what stands after ``/proxy``, as the client wrote it; the query, the headers and the bodies travel
too (`forwarding`). A path without a closing slash is first sent where relative links work.
"""

from collections.abc import Callable
from urllib.parse import quote, unquote

from kubernel.api.forwarding.backends import Destination
from kubernel.api.forwarding.destinations import node_destination, pod_destination, service_destination
from kubernel.api.forwarding.passing import pass_on
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.incoming import Incoming
from kubernel.api.subresources.connections import (
    NodeProxyOptions,
    PodProxyOptions,
    ProxyOptions,
    ServiceProxyOptions,
    admit_connection,
)

__all__ = ["proxy_node", "proxy_pod", "proxy_service"]

_MOVED = 301


async def proxy_pod(call: Call) -> Answer:
    """Pass a request on to a pod."""
    return await _pass_on(call, pod_destination, PodProxyOptions)


async def proxy_service(call: Call) -> Answer:
    """Pass a request on to one of the pods behind a service."""
    return await _pass_on(call, service_destination, ServiceProxyOptions)


async def proxy_node(call: Call) -> Answer:
    """Pass a request on to a node's agent."""
    return await _pass_on(call, node_destination, NodeProxyOptions)


async def _pass_on(call: Call, find: Callable[[Call], Destination], options: type[ProxyOptions]) -> Answer:
    incoming = call.incoming
    assert incoming is not None, "routes hand it to every subresource that passes requests on"
    query = f"?{incoming.raw_query}" if incoming.raw_query else ""
    path = await _admitted(call, _path(call, incoming), options)
    to = find(call)
    if path is None and incoming.method in {"GET", "HEAD"} and not incoming.upgrade:
        return Answer(_MOVED, content_type="text/html", headers=[("location", f"{incoming.raw_path}/{query}")])
    return await pass_on(call.state.backends, incoming, to, f"{path or '/'}{query}")


async def _admitted(call: Call, path: str | None, options: type[ProxyOptions]) -> str | None:
    """Return the path as the client wrote it, unless somebody who has a say in it wants another."""
    asked = unquote((path or "").removeprefix("/"))
    wanted = (await admit_connection(call, options(path=asked))).path
    return path if wanted == asked else f"/{quote(wanted)}"


def _path(call: Call, incoming: Incoming) -> str | None:
    """Return what stands after ``/proxy``, undecoded; ``None`` when nothing does, not even a slash."""
    target = call.target
    depth = target.kind.path(target.namespace, target.name, target.subresource).count("/")
    parts = incoming.raw_path.split("/", depth + 1)
    return f"/{parts[depth + 1]}" if len(parts) > depth + 1 else None
