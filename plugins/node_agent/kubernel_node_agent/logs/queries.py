"""The query of a log request, checked: from text to a `LogQuery`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kubernel.objects.errors import bad_request
from kubernel.plugin.contracts.runtime import LogQuery

from kubernel_node_agent.pods.reading import utc_now

__all__ = ["LogRequest", "parse_log_request"]

_TRUE = frozenset({"true", "1"})
_STREAMS = {"All": "", "Stdout": "stdout", "Stderr": "stderr"}
_FALSE = frozenset({"false", "0", ""})


@dataclass(frozen=True, slots=True)
class LogRequest:
    """Which attempt, and which part of its log."""

    previous: bool
    query: LogQuery


def parse_log_request(query: Mapping[str, str]) -> LogRequest:
    """Return what is asked for.

    Raises:
        StatusError: 400, a parameter is not what it should be.
    """
    tail, limit = _number(query, "tailLines", 0), _number(query, "limitBytes", 1)
    since_s, since_time = _number(query, "sinceSeconds", 1), query.get("sinceTime", "")
    if since_s is not None and since_time:
        raise bad_request("at most one of `sinceTime` or `sinceSeconds` may be specified")
    since = utc_now() - timedelta(seconds=since_s) if since_s is not None else None
    if since_time:
        since = _time(since_time)
    return LogRequest(
        previous=_flag(query, "previous"),
        query=LogQuery(
            follow=_flag(query, "follow"),
            tail_lines=tail,
            since=since,
            timestamps=_flag(query, "timestamps"),
            limit_bytes=limit,
            stream=_stream(query),
        ),
    )


def _number(query: Mapping[str, str], name: str, least: int) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or int(text) < least:
        raise bad_request(f"{name}: Invalid value: {text}: must be a whole number of at least {least}")
    return int(text)


def _flag(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "").lower()
    if text not in _TRUE | _FALSE:
        raise bad_request(f"{name}: Invalid value: {text}: must be true or false")
    return text in _TRUE


def _stream(query: Mapping[str, str]) -> str:
    wanted = query.get("stream") or "All"
    if wanted not in _STREAMS:
        raise bad_request(f"stream: Invalid value: {wanted}: must be one of {', '.join(_STREAMS)}")
    return _STREAMS[wanted]


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"sinceTime: Invalid value: {text}: must be an RFC 3339 time") from None
    if moment.tzinfo is None:
        raise bad_request(f"sinceTime: Invalid value: {text}: must have a time zone")
    return moment
