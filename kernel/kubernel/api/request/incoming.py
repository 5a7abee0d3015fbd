"""A request as it came in, for those few that are passed on to somebody else instead of being answered here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

__all__ = ["Header", "Incoming"]

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came in, untouched.

    Attributes:
        method: In upper case.
        raw_path: As it was sent, percent-encoding and closing slashes included.
        raw_query: Without the question mark; empty when there is none.
        headers: Names in lower case, in their order; a name may come more than once.
        scheme: ``http`` or ``https``.
        client: The client's address; empty over the unix socket.
        chunks: Yields the body as it arrives; it can be read once.
        take_over: Takes the connection away from HTTP, for a request that asked for an upgrade: from then on whoever
            called it reads, writes and closes it, and nothing else is answered.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[Header, ...]
    scheme: str
    client: str
    chunks: Callable[[], AsyncIterator[bytes]]
    take_over: Callable[[], tuple[asyncio.StreamReader, asyncio.StreamWriter]]

    def header(self, name: str) -> str:
        """Return a header's values, joined as HTTP joins them; empty when there is none."""
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def has_body(self) -> bool:
        """Whether a body comes after the head."""
        return bool(self.header("transfer-encoding")) or self.header("content-length") not in ("", "0")

    @property
    def upgrade(self) -> str:
        """What the client wants the connection to become, such as ``websocket``; empty when it does not."""
        tokens = {token.strip().lower() for token in self.header("connection").split(",")}
        return self.header("upgrade") if "upgrade" in tokens else ""
