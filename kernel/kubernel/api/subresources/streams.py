"""The subresources ``exec``, ``attach`` and ``portforward``: connections into a pod, made by its node's agent.

What is asked for is checked here, in kube-apiserver's words; then the connection is the agent's (`forwarding.upgrade`).
The agent gets the kubelet's paths and parameters.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from kubernel.api.forwarding.passing import pass_on
from kubernel.api.http.identity import authorize
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.incoming import Incoming
from kubernel.api.request.options import flag
from kubernel.api.subresources.connections import (
    PodAttachOptions,
    PodExecOptions,
    PodPortForwardOptions,
    admit_connection,
)
from kubernel.api.subresources.containers import choose_container
from kubernel.api.verbs.reads import find
from kubernel.objects.errors import bad_request, field_invalid, invalid
from kubernel.objects.models import core

__all__ = ["attach", "exec_", "port_forward"]

_STREAMS = {"stdin": "input", "stdout": "output", "stderr": "error", "tty": "tty"}
"""What the API calls the streams → what the kubelet does."""

_PORT_MAX = 65_535


async def exec_(call: Call) -> Answer:
    """Run a command in a container."""
    command = _query(call).get("command", [])
    options = await admit_connection(call, PodExecOptions(**_stream_options(call), command=command))
    streams = _streams(options)
    if not any(options.command):
        raise bad_request("you must specify at least one command for the container")
    words = (("command", word) for word in options.command)
    return await _into_container(call, "exec", options.container, [*streams, *words])


async def attach(call: Call) -> Answer:
    """Join a container's own program."""
    options = await admit_connection(call, PodAttachOptions(**_stream_options(call)))
    return await _into_container(call, "attach", options.container, _streams(options))


async def port_forward(call: Call) -> Answer:
    """Reach a pod's ports."""
    ports = [port for given in _query(call).get("ports", []) for port in given.split(",")]
    for port in ports:
        if not (port.isdecimal() and 0 < int(port) <= _PORT_MAX):
            error = field_invalid("ports", port, "must be between 1 and 65535, inclusive")
            raise invalid("PodPortForwardOptions", call.target.name, [error])
    options = await admit_connection(call, PodPortForwardOptions(ports=[int(port) for port in ports]))
    pod = _pod(call)
    parameters = [("port", ",".join(map(str, options.ports)))] if options.ports else []
    return await _to_agent(call, pod, ["portForward", call.target.namespace, call.target.name], parameters)


async def _into_container(call: Call, path: str, wanted: str, parameters: Sequence[tuple[str, str]]) -> Answer:
    pod = _pod(call)
    container = choose_container(pod, wanted)
    return await _to_agent(call, pod, [path, call.target.namespace, call.target.name, container], parameters)


def _pod(call: Call) -> core.Pod:
    """Return the pod, when this one may open connections into it.

    Opening a websocket is a GET, and reading must not be enough for running commands: it asks for ``create`` too.
    """
    authorize(call.state, call.attributes_for("create"))
    pod = find(call).decode()
    assert isinstance(pod, core.Pod)
    return pod


async def _to_agent(call: Call, pod: core.Pod, path: Sequence[str], parameters: Sequence[tuple[str, str]]) -> Answer:
    node = pod.spec.nodeName if pod.spec else None
    if not node:
        raise bad_request(f"pod {call.target.name} does not have a host assigned")
    incoming = _incoming(call)
    if not incoming.upgrade:
        raise bad_request("Upgrade request required")
    target = f"/{'/'.join(quote(part, safe='') for part in path)}"
    if parameters:
        target = f"{target}?{urlencode(parameters)}"
    backends = call.state.backends
    return await pass_on(backends, incoming, backends.agent(node), target)


def _stream_options(call: Call) -> dict[str, Any]:
    asked: dict[str, Any] = {name: flag(call.query, name) for name in _STREAMS}
    return {**asked, "container": call.query.get("container", "")}


def _streams(options: PodAttachOptions) -> list[tuple[str, str]]:
    wanted = [kubelet for name, kubelet in _STREAMS.items() if getattr(options, name)]
    if not set(wanted) - {"tty"}:
        raise bad_request("you must specify at least 1 of stdin, stdout, stderr")
    if {"tty", "error"} <= set(wanted):
        wanted.remove("error")  # a terminal has one output
    return [(name, "1") for name in wanted]


def _query(call: Call) -> Mapping[str, list[str]]:
    """Return the whole query: a command is many parameters of one name."""
    return parse_qs(_incoming(call).raw_query, keep_blank_values=True)


def _incoming(call: Call) -> Incoming:
    assert call.incoming is not None, "routes hand it to every subresource that passes requests on"
    return call.incoming
