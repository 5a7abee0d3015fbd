"""The last step of every answer: YAML or indentation for who asks for it, and compression of what is large.

Verbs answer in compact JSON; here it becomes what goes over the wire. Work that takes long is done in a thread, so that
nobody waits for somebody else's large list.
"""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import msgspec
from falcon.asgi import Request, Response

from kubernel.api.http.negotiation import JSON, YAML, Form

__all__ = ["finish", "is_finished"]

GZIP_FROM_BYTES = 128 * 1024
"""Smaller answers are sent faster than they are compressed (kube-apiserver: the same)."""

GZIP_LEVEL = 1
_GZIP_CONTAINER = 16 + zlib.MAX_WBITS
_AT_ONCE_BYTES = 16 * 1024
_GIVE_WAY_S = 0.0001
"""So long the writer of a large YAML rests after each item, so that who waits for the interpreter gets it."""

_yaml_writer = ThreadPoolExecutor(1, thread_name_prefix="yaml")
"""One large YAML at a time: two would take as long together, and twice as much from everybody else."""

_PLAIN = Form()
_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_PEOPLE = ("curl", "Wget", "Mozilla/5.0")
"""Programs with which people read answers; they get them indented (kube-apiserver: the same)."""


def is_finished(req: Request, resp: Response) -> bool:
    """Whether an answer goes out as it is, as most do: a stream, or a small one in plain JSON."""
    body = resp.data
    if body is None:
        return True
    form: Form | None = req.context.form
    is_plain = form is None or (form.media == JSON and not form.is_pretty)
    return is_plain and len(body) <= GZIP_FROM_BYTES and not _is_for_people(req)


async def finish(req: Request, resp: Response) -> None:
    """Give an answer that is not finished its last form."""
    body = resp.data or b""
    if resp.content_type == JSON:
        form: Form = req.context.form or _PLAIN
        if form.media == YAML and resp.status_code < 400:
            body, resp.content_type = await _in_yaml(body), YAML
        elif form.is_pretty or _is_for_people(req):
            body = await _made(_indented, body)
    if len(body) > GZIP_FROM_BYTES:
        resp.append_header("Vary", "Accept-Encoding")
        if "gzip" in (req.get_header("accept-encoding") or "") and resp.get_header("content-encoding") is None:
            body = await _made(_compressed, body)
            resp.set_header("Content-Encoding", "gzip")
    resp.data = body


async def _made(work: Callable[[bytes], bytes], body: bytes) -> bytes:
    if len(body) < _AT_ONCE_BYTES:
        return work(body)
    return await asyncio.get_running_loop().run_in_executor(None, work, body)


def _is_for_people(req: Request) -> bool:
    if "pretty" in req.query_string and (wish := req.get_param("pretty")):
        return wish in _TRUE
    agent: str = req.headers.get("user-agent", "")
    return agent.startswith(_PEOPLE)


def _indented(body: bytes) -> bytes:
    return msgspec.json.format(body, indent=2) + b"\n"


async def _in_yaml(body: bytes) -> bytes:
    if len(body) < _AT_ONCE_BYTES:
        return _yaml(body)
    return await asyncio.get_running_loop().run_in_executor(_yaml_writer, _large_yaml, body)


def _yaml(body: bytes) -> bytes:
    return "".join(_pieces(body)).encode()


def _large_yaml(body: bytes) -> bytes:
    """Write YAML in a thread, giving way after each piece: 10,000 pods take seconds."""
    pieces = []
    for piece in _pieces(body):
        pieces.append(piece)
        sleep(_GIVE_WAY_S)
    return "".join(pieces).encode()


def _pieces(body: bytes) -> Iterator[str]:
    # Most servers are never asked for YAML; the library takes 20 ms and 3 MiB.
    from kubernel.api.http.yaml_writing import yaml_pieces  # noqa: PLC0415

    return yaml_pieces(body)


def _compressed(body: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_CONTAINER)
    return packer.compress(body) + packer.flush()
