"""``url("https://example.com:80/path?q=1")`` and its parts.

Source: Kubernetes' CEL library ``kubernetes.urls``, which takes absolute URLs and absolute paths.
"""

from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from kubernel.objects.cel.functions.declared import BOOL, STRING, Function, Opaque, opaque

__all__ = ["FUNCTIONS", "read_url"]

_URL = "kubernetes.URL"


def read_url(text: str) -> SplitResult:
    """Split an absolute URL or an absolute path.

    Raises:
        ValueError: It is neither.
    """
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise ValueError(f'parse "{text}": {error}') from error
    if any(ord(character) < 0x20 or character == "\x7f" for character in text):
        raise ValueError(f'parse "{text}": net/url: invalid control character in URL')
    if not (parts.scheme or text.startswith("/")):
        raise ValueError(f'parse "{text}": invalid URI for request')
    if (parts.hostname or "").count(":") and "[" not in parts.netloc:
        raise ValueError(f'parse "{text}": invalid port after host')
    return parts


def _url(text: str) -> Opaque:
    try:
        read_url(text)
    except ValueError as error:
        raise ValueError(f"URL parse error during conversion from string: {error}") from error
    return opaque(_URL, text=text)


def _is_url(text: str) -> bool:
    try:
        read_url(text)
    except ValueError:
        return False
    return True


def _parts(url: Opaque) -> SplitResult:
    return urlsplit(url["text"])


def _port(url: Opaque) -> str:
    port = _parts(url).port
    return "" if port is None else str(port)


FUNCTIONS = (
    Function("url", "string_to_url", (STRING,), _URL, _url, is_member=False),
    Function("isURL", "is_url_string", (STRING,), BOOL, _is_url, is_member=False),
    Function("getScheme", "url_get_scheme", (_URL,), STRING, lambda u: _parts(u).scheme),
    Function("getHost", "url_get_host", (_URL,), STRING, lambda u: _parts(u).netloc.rpartition("@")[2]),
    Function("getHostname", "url_get_hostname", (_URL,), STRING, lambda u: _parts(u).hostname or ""),
    Function("getPort", "url_get_port", (_URL,), STRING, _port),
    Function(
        "getEscapedPath",
        "url_get_escaped_path",
        (_URL,),
        STRING,
        lambda u: quote(_parts(u).path, safe="/%:@!$&'()*+,;="),
    ),
    Function(
        "getQuery",
        "url_get_query",
        (_URL,),
        "map<string, list<string>>",
        lambda u: parse_qs(_parts(u).query, keep_blank_values=True),
    ),
)
