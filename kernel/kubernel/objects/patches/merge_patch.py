"""Merge patch (RFC 7386): an object laid over another; ``null`` removes, lists are replaced whole."""

from typing import Any

from kubernel.objects.models import Plain
from kubernel.objects.patches.refusals import limited_depth

__all__ = ["apply_merge_patch"]


def apply_merge_patch(doc: Plain, patch: Plain) -> Plain:
    """Lay the patch over the document; neither is changed.

    Raises:
        StatusError: 400, the patch is nested too deeply.
    """
    with limited_depth():
        return _merge(doc, patch)


def _merge(target: Any, patch: Plain) -> Plain:  # noqa: ANN401 - any JSON value
    result: Plain = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            result[key] = _merge(result.get(key), value)
        else:
            result[key] = value
    return result
