"""Which headers travel on: all but those of one connection, and those that say who the client is to *this* server."""

from collections.abc import Iterable, Sequence

from kubernel.api.request.incoming import Header, Incoming

__all__ = ["forwarded", "returned"]

_OF_ONE_CONNECTION = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Source: RFC 9110, section 7.6.1."""

_OURS = frozenset({"authorization", "expect", "host"})
"""A pod must not get the client's credentials for the cluster; `expect` has been answered here."""


def forwarded(incoming: Incoming, host: str) -> list[Header]:
    """Return what is sent on to ``host``, with the usual words on where it came from."""
    dropped = _OF_ONE_CONNECTION | _OURS | _named(incoming.headers)
    kept = [(name, value) for name, value in incoming.headers if name not in dropped and not _impersonates(name)]
    others = incoming.header("x-forwarded-for")
    came_from = [("x-forwarded-for", f"{others}, {incoming.client}" if others else incoming.client)]
    return [
        ("host", host),
        *((name, value) for name, value in kept if not name.startswith("x-forwarded-")),
        *(came_from if incoming.client else []),
        ("x-forwarded-host", incoming.header("host")),
        ("x-forwarded-proto", incoming.scheme),
        ("x-forwarded-uri", incoming.raw_path),
    ]


def returned(headers: Iterable[Header]) -> list[Header]:
    """Return what of an answer's headers goes back to the client, names in lower case."""
    lowered = [(name.lower(), value) for name, value in headers]
    dropped = _OF_ONE_CONNECTION | _named(lowered)
    return [(name, value) for name, value in lowered if name not in dropped]


def _named(headers: Sequence[Header]) -> frozenset[str]:
    """Return the headers that ``Connection`` names as its own."""
    values = (value for name, value in headers if name == "connection")
    return frozenset(token.strip().lower() for value in values for token in value.split(","))


def _impersonates(name: str) -> bool:
    return name.startswith("impersonate-")
