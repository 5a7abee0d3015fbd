"""Regular expressions of other people, in the engine that Kubernetes' own dialect (Go's) is made after.

RE2 takes time in proportion to the text and bounds the memory that a pattern may cost, so no pattern can stall the
server. The only home of ``re2``.
"""

from functools import lru_cache
from typing import Any

__all__ = ["matches", "pattern_error"]

MAX_PROGRAM_BYTES = 2**20
"""How much memory one pattern may take; RE2 refuses a larger one. The longest in real definitions take some 50 KiB."""


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - the library is untyped
    # 3 MiB that only a server with definitions needs.
    import re2  # noqa: PLC0415

    options = re2.Options()
    options.max_mem = MAX_PROGRAM_BYTES
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)  # type: ignore[no-untyped-call]  # likewise
    except re2.error as error:
        why = error.args[0] if error.args else ""
        return why.decode(errors="replace") if isinstance(why, bytes) else str(why)


def pattern_error(pattern: str) -> str:
    """Return why this is no pattern; empty when it is one."""
    compiled = _compiled(pattern)
    return f"error parsing regexp: {compiled}" if isinstance(compiled, str) else ""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text; one that is no pattern matches nothing."""
    compiled = _compiled(pattern)
    return not isinstance(compiled, str) and compiled.search(text) is not None
