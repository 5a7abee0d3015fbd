"""Merging one list of a strategic patch: elements found by their key, and the order of the result.

The order keeps three promises: what the patch names stands in the patch's order, what only the server has stands in
the server's order, and the two are interleaved as the server had them where that is possible.
"""

from collections.abc import Callable
from typing import Any

from kubernel.objects.errors import bad_request
from kubernel.objects.models import Plain

__all__ = ["delete_values", "is_special", "merge_list", "ordered", "server_order", "without_directives"]

DIRECTIVE, MERGE = "$patch", "merge"


def is_special(item: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether an element of a patch's list is no element but says what happens to one, or to all."""
    return isinstance(item, dict) and item.get(DIRECTIVE) not in (None, MERGE)


def without_directives(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value of a patch as data: without directives, and without the nulls that would remove something."""
    if isinstance(value, dict):
        return {
            key: without_directives(member)
            for key, member in value.items()
            if member is not None and not key.startswith("$")
        }
    if isinstance(value, list):
        return [without_directives(member) for member in value if not is_special(member)]
    return value


def delete_values(present: list[Any], values: list[Any]) -> list[Any]:
    """Return the list without these plain values."""
    return [item for item in present if item not in values]


def merge_list(
    present: list[Any], patch: list[Any], merge_key: str | None, merge_items: Callable[[Plain, Plain], Plain]
) -> list[Any]:
    """Merge a patch's list into the document's.

    Args:
        present: The document's list.
        patch: The patch's list.
        merge_key: What tells objects apart; ``None`` for a set of plain values.
        merge_items: Merges two objects with the same key.

    Raises:
        StatusError: 400, an element is no object, lacks the key or has an unknown directive.
    """
    if merge_key is None:
        merged = list(dict.fromkeys([*map(_plain, present), *map(_plain, patch)]))
        return ordered(merged, patch, present, None)
    kept, changes, replaces = _directives(present, patch, merge_key)
    if replaces:
        return [without_directives(item) for item in changes]
    places = {_identity(item, merge_key): place for place, item in enumerate(kept) if isinstance(item, dict)}
    merged_items = list(kept)
    for item in changes:
        identity = _required_identity(item, merge_key)
        if identity in places:
            merged_items[places[identity]] = merge_items(merged_items[places[identity]], item)
        else:
            places[identity] = len(merged_items)
            merged_items.append(merge_items({}, item))
    return ordered(merged_items, changes, kept, merge_key)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict | list):
        raise bad_request("invalid patch format of primitive list")
    return value


def _directives(present: list[Any], patch: list[Any], merge_key: str) -> tuple[list[Any], list[Plain], bool]:
    """Carry out ``$patch`` elements; return what stays, what is to be merged, and whether it replaces everything."""
    changes: list[Plain] = []
    deleted: set[str] = set()
    replaces = False
    for item in patch:
        if not isinstance(item, dict):
            raise bad_request(f"expected a map, but received {item!r}")
        match item.get(DIRECTIVE):
            case None | "merge":  # which says what happens without a directive
                if item.keys() != {DIRECTIVE}:
                    changes.append(item)
            case "delete":
                deleted.add(_required_identity(item, merge_key))
            case "replace":
                replaces = True
            case other:
                raise bad_request(f"unknown patch type: {other} in map: {item}")
    return [item for item in present if _identity(item, merge_key) not in deleted], changes, replaces


def _identity(item: Any, merge_key: str | None) -> str:  # noqa: ANN401 - any JSON value
    return str(item.get(merge_key)) if isinstance(item, dict) and merge_key else str(item)


def _required_identity(item: Plain, merge_key: str) -> str:
    if merge_key not in item:
        raise bad_request(f"map: {item} does not contain declared merge key: {merge_key}")
    return _identity(item, merge_key)


def server_order(present: list[Any], patch: list[Any], merge_key: str | None) -> list[Any]:
    """Return the server's order of a list that the patch changes: new elements take the places of deleted ones.

    Kubernetes arrives at this order because it deletes and appends within the same array; clients see it.
    """
    deleted = {_identity(item, merge_key) for item in patch if is_special(item)}
    known = {_identity(item, merge_key) for item in present}
    kept = [item for item in present if _identity(item, merge_key) not in deleted]
    added = [item for item in patch if _identity(item, merge_key) not in known | deleted]
    return (kept + added)[: len(present)]


def ordered(merged: list[Any], wanted: list[Any], server: list[Any], merge_key: str | None) -> list[Any]:
    """Return the merged list in its order.

    Args:
        merged: The elements.
        wanted: Elements, or stubs with only their key, in the client's order.
        server: The list before the patch, in the server's order.
        merge_key: What tells elements apart; ``None`` for plain values.
    """
    client_places = _places(wanted, merge_key)
    server_places = _places(server, merge_key)
    keyed = [(_identity(item, merge_key), item) for item in merged]
    known = sorted((k for k in keyed if k[0] in client_places), key=lambda k: client_places[k[0]])
    others = sorted(
        (k for k in keyed if k[0] not in client_places), key=lambda k: server_places.get(k[0], len(server_places))
    )
    result = []
    while known and others:
        left, right = server_places.get(others[0][0]), server_places.get(known[0][0])
        first = others if left is not None and right is not None and left < right else known
        result.append(first.pop(0)[1])
    return result + [item for _, item in (*known, *others)]


def _places(items: list[Any], merge_key: str | None) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, item in enumerate(items):
        places.setdefault(_identity(item, merge_key), place)
    return places
