"""Requests as bytes, for what no client library would send."""

import contextlib
import json
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LENGTH = re.compile(rb"^content-length: (\d+)\r?$", re.MULTILINE | re.IGNORECASE)
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back; ``code`` is 0 when the connection was closed without a word."""

    code: int
    headers: dict[str, str]
    body: Any


def request(method: str, path: str, body: bytes = b"", content_type: str = "application/json", *lines: str) -> bytes:
    """Write a request, with a length."""
    head = [f"{method} {path} HTTP/1.1", "Host: kubernel", f"Content-Length: {len(body)}", *lines]
    if body:
        head.append(f"Content-Type: {content_type}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def send(path: Path, data: bytes) -> Heard:
    """Send bytes over a new connection and read one answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS)
        connection.connect(str(path))
        with contextlib.suppress(OSError):  # the server has heard enough, and has answered already
            connection.sendall(data)
        return _answer(connection)


def _answer(connection: socket.socket) -> Heard:
    received = b""
    while not _is_whole(received):
        try:
            chunk = connection.recv(65536)
        except ConnectionError:
            break
        if not chunk:
            break
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    is_json = headers.get("content-type", "").startswith("application/json") and body
    return Heard(int(first.split(" ")[1]) if first else 0, headers, json.loads(body) if is_json else body)


def _is_whole(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(found) and (length is None or len(body) >= int(length[1]))
