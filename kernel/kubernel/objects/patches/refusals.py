"""The ways in which a patch is refused, as errors for the client."""

from collections.abc import Iterator
from contextlib import contextmanager

from kubernel.objects.errors import StatusError, bad_request

__all__ = ["does_not_fit", "limited_depth"]

_REJECTED = "the server rejected our request due to an error in our request"


def does_not_fit(why: str) -> StatusError:
    """422: it is a patch, and this document cannot take it; ``why`` is a sentence."""
    return StatusError(422, "Invalid", f"{_REJECTED}: {why}")


@contextmanager
def limited_depth() -> Iterator[None]:
    """Turn a nesting that is deeper than the interpreter's stack into a 400."""
    try:
        yield
    except RecursionError as error:
        raise bad_request("error decoding patch: exceeded max depth") from error
