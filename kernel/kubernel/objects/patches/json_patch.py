"""JSON Patch (RFC 6902): a list of operations, all or nothing.

Containers on the path to a change are copied, everything else is shared, so applying costs what the patch touches. Two
limits keep a small patch from becoming a large document: the number of operations, and the bytes that ``copy`` has
copied together (copying a parent into its child doubles it each time).
"""

from collections.abc import Callable
from typing import Any

import msgspec

from kubernel.objects.errors import StatusError, bad_request
from kubernel.objects.models import Plain
from kubernel.objects.patches.refusals import does_not_fit, limited_depth

__all__ = ["COPY_MAX_BYTES", "OPERATIONS_MAX", "apply_json_patch"]

OPERATIONS_MAX = 10_000
"""As in Kubernetes (apiserver ``maxJSONPatchOperations``)."""

COPY_MAX_BYTES = 3 * 1024 * 1024
"""Twice the largest object that the server stores."""

_NEEDS_VALUE = frozenset({"add", "replace", "test"})
_NEEDS_FROM = frozenset({"move", "copy"})
_OPERATIONS = _NEEDS_VALUE | _NEEDS_FROM | {"remove"}


def apply_json_patch(doc: Plain, patch: list[Any]) -> Plain:
    """Apply every operation in order.

    Args:
        doc: The document; not changed.
        patch: The operations as decoded.

    Raises:
        StatusError: 400 for what is no JSON Patch; 413 for too many operations or copies; 422 when an operation does
            not fit: a path that is not there, a ``test`` that fails, a result that is no object.
    """
    if len(patch) > OPERATIONS_MAX:
        why = f"The allowed maximum operations in a JSON patch is {OPERATIONS_MAX}, got {len(patch)}"
        raise StatusError(413, "RequestEntityTooLarge", why)
    result: Any = doc
    copied_bytes = 0
    with limited_depth():
        for operation in patch:
            _check(operation)
            if operation["op"] == "copy":
                copied_bytes += len(msgspec.json.encode(_get(result, _tokens(operation["from"]))))
                if copied_bytes > COPY_MAX_BYTES:
                    raise StatusError(413, "RequestEntityTooLarge", "the patch copies more than the server stores")
            result = _apply(result, operation)
    if not isinstance(result, dict):
        raise does_not_fit("the patched document must be an object")
    return result


def _check(operation: Any) -> None:  # noqa: ANN401 - anything that a client sends
    op = operation.get("op") if isinstance(operation, dict) else None
    if not isinstance(op, str) or op not in _OPERATIONS:
        listed = ", ".join(sorted(_OPERATIONS))
        raise bad_request(f"error decoding patch: an operation must be an object whose op is one of {listed}")
    if not isinstance(operation.get("path"), str):
        raise bad_request(f'error decoding patch: operation "{op}" needs a path')
    if op in _NEEDS_FROM and not isinstance(operation.get("from"), str):
        raise bad_request(f'error decoding patch: operation "{op}" needs a from')
    if op in _NEEDS_VALUE and "value" not in operation:
        raise bad_request(f'error decoding patch: operation "{op}" needs a value')


def _tokens(pointer: str) -> list[str]:
    """Split a JSON Pointer (RFC 6901)."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise bad_request(f'error decoding patch: path "{pointer}" must be empty or start with "/"')
    tokens = pointer[1:].split("/")
    if "~" in pointer and any("~" in token.replace("~0", "").replace("~1", "") for token in tokens):
        raise bad_request(f'error decoding patch: path "{pointer}" has a "~" that is neither "~0" nor "~1"')
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens]


def _apply(doc: Any, operation: Plain) -> Any:  # noqa: ANN401 - any JSON value
    op, path = operation["op"], _tokens(operation["path"])
    if op == "add":
        return _add(doc, path, operation["value"])
    if op == "remove":
        return _remove(doc, path)
    if op == "replace":
        return _change(doc, path, lambda container, key: _put(container, key, operation["value"]), operation["value"])
    if op == "test":
        if not _equal(_get(doc, path), operation["value"]):
            raise does_not_fit(f"testing path {operation['path']} value failed")
        return doc
    source = _tokens(operation["from"])
    value = _get(doc, source)
    if op == "move":
        if path[: len(source)] == source and len(path) > len(source):
            raise does_not_fit(f"cannot move {operation['from']} into itself")
        doc = _remove(doc, source)
    return _add(doc, path, value)


def _equal(left: Any, right: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Compare as JSON does: ``1`` equals ``1.0``, and ``true`` is no number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    return bool(left == right)


def _index(container: list[Any], token: str, *, limit: int) -> int:
    if not (token.isascii() and token.isdigit()) or (len(token) > 1 and token[0] == "0"):
        raise does_not_fit(f'"{token}" is no index of an array')
    if len(token) > len(str(limit)) or int(token) >= limit:
        raise does_not_fit(f"index {token} is outside of an array of {len(container)}")
    return int(token)


def _child(container: Any, token: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(container, dict):
        if token not in container:
            raise does_not_fit(f'there is no "{token}" on the path')
        return container[token]
    if isinstance(container, list):
        return container[_index(container, token, limit=len(container))]
    raise does_not_fit(f'"{token}" is below a value that is neither an object nor an array')


def _get(doc: Any, path: list[str]) -> Any:  # noqa: ANN401 - any JSON value
    for token in path:
        doc = _child(doc, token)
    return doc


def _put(container: Any, token: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of the container in which one member has another value."""
    if isinstance(container, dict):
        return {**container, token: value}
    changed = list(container)
    changed[_index(container, token, limit=len(container))] = value
    return changed


def _change(doc: Any, path: list[str], change: Callable[[Any, str], Any], whole: Any) -> Any:  # noqa: ANN401
    """Return the document with its last container on the path changed; ``whole`` stands for an empty path."""
    if not path:
        return whole
    containers = [doc]
    for token in path[:-1]:
        containers.append(_child(containers[-1], token))
    _child(containers[-1], path[-1])
    result = change(containers.pop(), path[-1])
    for token in reversed(path[:-1]):
        result = _put(containers.pop(), token, result)
    return result


def _add(doc: Any, path: list[str], value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not path:
        return value
    parent, token = _get(doc, path[:-1]), path[-1]
    if isinstance(parent, dict):
        changed: Any = {**parent, token: value}
    elif isinstance(parent, list):
        at = len(parent) if token == "-" else _index(parent, token, limit=len(parent) + 1)  # noqa: S105 - a pointer's
        changed = [*parent[:at], value, *parent[at:]]
    else:
        raise does_not_fit(f'"{token}" is below a value that is neither an object nor an array')
    if len(path) == 1:
        return changed
    return _change(doc, path[:-1], lambda container, key: _put(container, key, changed), changed)


def _remove(doc: Any, path: list[str]) -> Any:  # noqa: ANN401 - any JSON value
    def without(container: Any, token: str) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(container, dict):
            return {key: value for key, value in container.items() if key != token}
        at = _index(container, token, limit=len(container))
        return [*container[:at], *container[at + 1 :]]

    if not path:
        raise does_not_fit("the whole document cannot be removed")
    return _change(doc, path, without, None)
