"""The three-way merge behind ``apply``, as a JSON merge patch (RFC 7386).

Three documents take part: what was applied before, what is wanted now, and what lives on the server. Maps are merged
key by key. A list is one value: it is replaced when the live one does not cover the wanted one, so defaults that the
server filled into its elements are no difference.
"""

from collections.abc import Mapping

from kubernel.cli.access.connection import Plain

__all__ = ["covers", "three_way"]


def three_way(before: Mapping[str, object], wanted: Mapping[str, object], live: Mapping[str, object]) -> Plain:
    """Return the merge patch that makes the wanted fields true and drops the ones no longer wanted.

    Args:
        before: What the last apply wanted; empty when there was none.
        wanted: What is wanted now.
        live: The object on the server.
    """
    patch: Plain = {key: None for key in before if key not in wanted and key in live}
    for key, value in wanted.items():
        present = live.get(key)
        if isinstance(value, dict) and isinstance(present, dict):
            earlier = before.get(key)
            if inner := three_way(earlier if isinstance(earlier, dict) else {}, value, present):
                patch[key] = inner
        elif value is None:
            # In a merge patch null means "remove": a manifest's null does so only where there is something.
            if present is not None:
                patch[key] = None
        elif not covers(present, value) or _shrank(before.get(key), value):
            patch[key] = value
    return patch


def covers(live: object, wanted: object) -> bool:
    """Whether the live value says everything that the wanted one says; it may say more inside maps."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(covers(live.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(live, list) or len(live) != len(wanted):
            return False
        return all(covers(a, b) for a, b in zip(live, wanted, strict=True))
    return live == wanted


def _shrank(before: object, wanted: object) -> bool:
    """Whether something that an earlier manifest said inside this list is not said any more."""
    return isinstance(before, list) and not covers(wanted, before)
