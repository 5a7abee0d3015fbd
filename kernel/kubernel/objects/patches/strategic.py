"""Strategic merge patch: a merge patch that knows which lists are sets of named things.

``{"spec": {"containers": [{"name": "web", "image": "b"}]}}`` changes one image and leaves the other containers alone.
Directives in the patch say what data cannot: ``$patch: delete|replace|merge``, ``$setElementOrder/<list>``,
``$deleteFromPrimitiveList/<list>`` and ``$retainKeys``. Which lists merge, by which key, is in ``strategy``; how, in
``lists``. Source: apimachinery ``util/strategicpatch``, whose results this reproduces.
"""

from typing import Any

from kubernel.objects.errors import bad_request
from kubernel.objects.models import Plain
from kubernel.objects.patches.lists import (
    delete_values,
    is_special,
    merge_list,
    ordered,
    server_order,
    without_directives,
)
from kubernel.objects.patches.refusals import limited_depth
from kubernel.objects.patches.strategy import Strategy, field_shape, field_strategy

__all__ = ["apply_strategic_patch"]

DIRECTIVE = "$patch"
RETAIN = "$retainKeys"
ORDER = "$setElementOrder/"
DELETE = "$deleteFromPrimitiveList/"


def apply_strategic_patch(doc: Plain, patch: Plain, struct: type) -> Plain:
    """Merge the patch into the document; neither is changed.

    Args:
        doc: The document.
        patch: The patch as decoded.
        struct: The document's Struct, which says where lists are merged.

    Raises:
        StatusError: 400, a directive is malformed or an element lacks its merge key.
    """
    with limited_depth():
        return _merge_map(doc, patch, struct)


def _merge_map(doc: Plain, patch: Plain, struct: type | None) -> Plain:
    directive = patch.get(DIRECTIVE)
    if directive == "replace":
        return {key: without_directives(value) for key, value in patch.items() if key != DIRECTIVE}
    if directive == "delete":
        return {}
    if directive is not None and directive != "merge":
        raise bad_request(f"unknown patch type: {directive} in map: {patch}")
    result = _retained(doc, patch)
    for key, value in patch.items():
        if key.startswith(DELETE):
            _delete_from(result, key.removeprefix(DELETE), value)
    for key, value in patch.items():
        if not key.startswith("$"):
            _merge_member(result, key, value, struct)
    for key, order in patch.items():
        if key.startswith(ORDER):
            _order(result, doc, patch, key.removeprefix(ORDER), order, struct)
    return result


def _retained(doc: Plain, patch: Plain) -> Plain:
    keys = patch.get(RETAIN)
    if keys is None:
        return dict(doc)
    if not isinstance(keys, list):
        raise bad_request("invalid patch format of retainKeys")
    if any(key not in keys for key, value in patch.items() if not key.startswith("$") and value is not None):
        raise bad_request("invalid patch format of retainKeys")
    return {key: value for key, value in doc.items() if key in keys}


def _delete_from(result: Plain, key: str, values: Any) -> None:  # noqa: ANN401 - anything that a client sends
    if not isinstance(values, list):
        raise bad_request("invalid patch format of primitive list")
    if isinstance(result.get(key), list):
        result[key] = delete_values(result[key], values)


def _merge_member(result: Plain, key: str, value: Any, struct: type | None) -> None:  # noqa: ANN401 - any JSON value
    if value is None:
        result.pop(key, None)
        return
    present = result.get(key)
    shape = field_shape(struct, key)
    if isinstance(value, dict):
        if value.get(DIRECTIVE) == "delete" and not isinstance(present, dict):
            result.pop(key, None)
        else:
            result[key] = _merge_map(present if isinstance(present, dict) else {}, value, shape.struct)
    elif isinstance(value, list):
        how = field_strategy(struct, key) if struct is not None else None
        merged = _merge_list(present if isinstance(present, list) else [], value, how, shape.struct)
        result[key] = merged
    else:
        result[key] = value


def _merge_list(present: list[Any], patch: list[Any], how: Strategy | None, struct: type | None) -> list[Any]:
    if how is None:
        return [without_directives(item) for item in patch]

    def merge_items(old: Plain, new: Plain) -> Plain:
        return _merge_map(old, new, struct)

    return merge_list(present, patch, how.merge_key, merge_items)


def _order(result: Plain, doc: Plain, patch: Plain, key: str, order: Any, struct: type | None) -> None:  # noqa: ANN401 - all that decides an order
    """Bring a merged list into the order that the client sees; what it does not know keeps the server's places."""
    if not isinstance(order, list):
        raise bad_request("invalid patch format of setElementOrder list")
    how = field_strategy(struct, key) if struct is not None else None
    merged = result.get(key)
    if not isinstance(merged, list) or how is None:
        return
    _check_order(patch.get(key), order, how.merge_key)
    present, change = doc.get(key), patch.get(key)
    server = server_order(
        present if isinstance(present, list) else [], change if isinstance(change, list) else [], how.merge_key
    )
    result[key] = ordered(merged, order, server, how.merge_key)


def _check_order(patch: Any, order: list[Any], merge_key: str | None) -> None:  # noqa: ANN401 - any JSON value
    """Refuse a patch whose own list is not in the order that it asks for."""
    if not isinstance(patch, list) or not order:
        return
    wanted = iter([item.get(merge_key) if isinstance(item, dict) else item for item in order])
    for item in patch:
        if is_special(item):
            continue
        value = item.get(merge_key) if isinstance(item, dict) else item
        if value not in wanted:  # consumes the iterator up to the match, so the order counts
            raise bad_request(f"The order in patch list:\n{patch}\n doesn't match $setElementOrder list:\n{order}\n")
