"""The subresource ``log``: a container's log, passed on from the agent of the pod's node as it comes."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp

from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import flag, integer
from kubernel.api.verbs.reads import find
from kubernel.objects.errors import bad_request
from kubernel.objects.models import core

__all__ = ["log"]

_PASSED_ON = ("follow", "previous", "timestamps", "tailLines", "sinceSeconds", "sinceTime", "limitBytes")


async def log(call: Call) -> Answer:
    """Answer with a container's log as text (``GET …/pods/NAME/log``)."""
    pod = find(call).decode()
    assert isinstance(pod, core.Pod)
    container, node = _container(call, pod), pod.spec.nodeName if pod.spec else None
    if not node:
        raise bad_request(f'container "{container}" in pod "{call.target.name}" is waiting to start: no host assigned')
    path = "/".join(quote(part, safe="") for part in (call.target.namespace, call.target.name, container))
    response = await call.state.nodes.open(node, f"/containerLogs/{path}", _query(call))
    return Answer(200, content_type="text/plain", stream=_chunks(response), hang_up=response.close)


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    except (aiohttp.ClientError, OSError) as error:
        if not response.closed:  # else the client hung up; the head is sent, so words are all that is left
            yield f"\nthe node's agent went away: {error}\n".encode()
    finally:
        response.close()


def _query(call: Call) -> dict[str, str]:
    for name in ("follow", "previous", "timestamps"):
        flag(call.query, name)
    for name in ("tailLines", "sinceSeconds", "limitBytes"):
        integer(call.query, name)
    return {name: call.query[name] for name in _PASSED_ON if call.query.get(name)}


def _container(call: Call, pod: core.Pod) -> str:
    """Return the container that the client means (source: the words of kube-apiserver's log REST)."""
    name = call.target.name
    spec = pod.spec
    containers = [c.name for c in (spec.containers if spec else None) or []]
    inits = [c.name for c in (spec.initContainers if spec else None) or []]
    wanted = call.query.get("container")
    if wanted:
        if wanted not in containers + inits:
            raise bad_request(f"container {wanted} is not valid for pod {name}")
        return wanted
    if len(containers) != 1:
        listed = " ".join(containers)
        extra = f" or one of the init containers: [{' '.join(inits)}]" if inits else ""
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{listed}]{extra}")
    return containers[0]
