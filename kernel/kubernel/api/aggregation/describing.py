"""Which OpenAPI document a server of others has for its group version: asked with each look at the server.

Only the index is asked for and only the hash is kept; the document itself is passed on when a client wants it
(`passing`). A server without OpenAPI v3 is served all the same, and explained to nobody.
"""

from urllib.parse import parse_qs, urlsplit

import msgspec

from kubernel.api.aggregation.remotes import Remote
from kubernel.api.outside.calling import Caller
from kubernel.api.outside.endpoints import OutsideError
from kubernel.watch import Cache

__all__ = ["INDEX", "find_document"]

INDEX = "/openapi/v3"
_ASK_S = 5.0
_IDENTITY = {"X-Remote-User": "system:aggregator", "X-Remote-Group": "system:masters"}


async def find_document(remote: Remote, cache: Cache, caller: Caller) -> str | None:
    """Return the hash of a server's document; empty when it gives none, ``None`` when there is no document."""
    try:
        answer = await caller.get(remote.destination(cache), INDEX, _IDENTITY, _ASK_S)
        index = msgspec.json.decode(answer, type=_Index)
    except (OutsideError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    entry = index.paths.get(remote.path.removeprefix("/"))
    if entry is None:
        return None
    return parse_qs(urlsplit(entry.serverRelativeURL).query).get("hash", [""])[0]


class _Entry(msgspec.Struct):
    serverRelativeURL: str = ""  # noqa: N815 - the wire's name


class _Index(msgspec.Struct):
    paths: dict[str, _Entry]
