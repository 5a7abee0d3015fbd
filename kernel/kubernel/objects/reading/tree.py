"""JSON without loss: a key that stands twice is there twice.

The C decoders keep the last one and say nothing. Whether there is any is told by counting: an object that lost a member
has fewer colons when it is encoded again.
"""

import json
from typing import Any

import msgspec

from kubernel.objects.reading.findings import Findings
from kubernel.objects.reading.places import Place

__all__ = ["Pairs", "has_duplicates", "plain_of", "tree_of"]

_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()


class Pairs(list[tuple[str, Any]]):
    """An object in which a key stands twice, as its members in order."""


def _object(members: list[tuple[str, Any]]) -> dict[str, Any] | Pairs:
    found = dict(members)
    return found if len(found) == len(members) else Pairs(members)


def has_duplicates(body: bytes, encoded: bytes | None = None) -> bool:
    """Whether some key may stand twice in an object of a valid JSON text.

    Args:
        body: The text.
        encoded: What was decoded, encoded again. It may have lost more than duplicates, and then the text is
            decoded once more; but nothing may have been added to it.

    Returns:
        ``False`` is certain. ``True`` may be wrong when the text has escapes, in which a colon does not show.
    """
    if b"\\" in body and b"\\u" in body:  # the first is ten times as quick to look for
        return True
    colons = body.count(b":")
    if encoded is not None and encoded.count(b":") == colons:
        return False
    return _ENCODER.encode(_DECODER.decode(body)).count(b":") != colons


def tree_of(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Decode a text that msgspec has found to be valid JSON; an object with a key twice is `Pairs`."""
    return json.loads(body, object_pairs_hook=_object)


def plain_of(tree: Any, findings: Findings | None = None, place: Place | None = None) -> Any:  # noqa: ANN401
    """Return a tree as plain values, the last member of each name; the others are noted."""
    if isinstance(tree, list) and not isinstance(tree, Pairs):
        return [plain_of(item, findings, Place(place, i)) for i, item in enumerate(tree)]
    if not isinstance(tree, dict | Pairs):
        return tree
    found: dict[str, Any] = {}
    for key, value in tree if isinstance(tree, Pairs) else tree.items():
        if key in found and findings is not None:
            findings.duplicate(place, key)
        found[key] = plain_of(value, findings, Place(place, key))
    return found
