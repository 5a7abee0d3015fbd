"""The subresource ``log``: a container's log, passed on from the agent of the pod's node as it comes."""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from urllib.parse import quote

import aiohttp
from yarl import URL

from kubernel.api.forwarding.backends import Destination
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import flag
from kubernel.api.subresources.containers import choose_container
from kubernel.api.verbs.reads import find
from kubernel.objects import codec
from kubernel.objects.errors import (
    FieldError,
    bad_request,
    field_forbidden,
    field_invalid,
    field_not_supported,
    from_status,
    invalid,
    unavailable,
)
from kubernel.objects.models import core

__all__ = ["log"]

_FLAGS = ("follow", "previous", "timestamps", "insecureSkipTLSVerifyBackend")
_LEAST = {"tailLines": 0, "limitBytes": 1, "sinceSeconds": 1}
_TOO_SMALL = ("must be greater than or equal to 0", "must be greater than 0")
_PASSED_ON = ("follow", "previous", "timestamps", "tailLines", "sinceSeconds", "sinceTime", "limitBytes", "stream")
_STREAMS = ("All", "Stdout", "Stderr")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_OK = 200


async def log(call: Call) -> Answer:
    """Answer with a container's log as text (``GET …/pods/NAME/log``)."""
    pod = find(call).decode()
    assert isinstance(pod, core.Pod)
    query = _query(call)
    container, node = choose_container(pod, call.query.get("container", "")), pod.spec.nodeName if pod.spec else None
    if not node:
        raise bad_request(f'container "{container}" in pod "{call.target.name}" is waiting to start: no host assigned')
    path = "/".join(quote(part, safe="") for part in (call.target.namespace, call.target.name, container))
    response = await _open(call, call.state.backends.agent(node), f"/containerLogs/{path}", query)
    return Answer(_OK, content_type="text/plain", stream=_chunks(response), hang_up=response.close)


async def _open(call: Call, agent: Destination, path: str, query: dict[str, str]) -> aiohttp.ClientResponse:
    """Begin to read from an agent; the caller closes the answer.

    Raises:
        StatusError: What the agent answered, or 503 when it cannot be reached.
    """
    try:
        url = URL(f"{agent.origin}{path}", encoded=True).with_query(query)
        response = await call.state.backends.session(agent).get(url)
        if response.status != _OK:
            async with response:
                raise from_status(codec.decode_plain(await response.read()), response.status)
    except (aiohttp.ClientError, OSError) as error:
        raise unavailable(f"{agent.name} does not answer: {error}") from error
    return response


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
    """Return what the agent is asked for, checked (source: Kubernetes' ``ValidatePodLogOptions``)."""
    for name in _FLAGS:
        flag(call.query, name)
    errors = list(_errors(call))
    if errors:
        raise invalid("PodLogOptions", call.target.name, errors)
    return {name: call.query[name] for name in _PASSED_ON if call.query.get(name)}


def _errors(call: Call) -> Iterable[FieldError]:
    query = call.query
    for name, least in _LEAST.items():
        if query.get(name) and (number := _integer(name, query[name])) < least:
            yield field_invalid(name, number, _TOO_SMALL[least])
    if since := query.get("sinceTime"):
        _check_time(since)
        if query.get("sinceSeconds"):
            yield field_forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified")
    stream = query.get("stream") or "All"
    if stream not in _STREAMS:
        yield field_not_supported("stream", stream, _STREAMS)
    elif stream != "All" and query.get("tailLines"):
        yield field_forbidden("", "`tailLines` and specific `stream` are mutually exclusive for now")


def _integer(name: str, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise bad_request(f'query parameter {name}: strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def _check_time(text: str) -> None:
    try:
        is_placed = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_placed = False
    if not is_placed:
        raise bad_request(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}"')
