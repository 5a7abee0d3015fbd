"""Laying an applied configuration over the live object, and taking fields out of it.

Merging removes nothing: what both have, the configuration says; what only one has, stays. Taking out is what happens
afterwards to fields that a manager no longer applies. Source: structured-merge-diff ``typed/merge.go``, ``remove.go``.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kubernel.objects.models import Plain
from kubernel.objects.ownership.elements import item_step
from kubernel.objects.ownership.fieldset import SELF, FieldSet, Tree
from kubernel.objects.ownership.shapes import LEAF, Shape

__all__ = ["merge", "remove"]


def merge(live: Plain, config: Plain, shape: Shape) -> Plain:
    """Return the live object with everything that the configuration says; shares parts with both."""
    return _merge_maps(live, config, shape)


def _merge_maps(live: Plain, config: Plain, shape: Shape) -> Plain:
    result = dict(live)
    members, others = shape.members, shape.others
    for name, value in config.items():
        if name in live:
            result[name] = _merge(live[name], value, members.get(name) or others or LEAF)
        else:
            result[name] = value
    return result


def _merge(live: Any, config: Any, shape: Shape) -> Any:  # noqa: ANN401 - any JSON value
    """Merge two values; null says nothing of what is walked into, and replaces what is a leaf."""
    if live == config:
        return config
    if shape.is_granular and isinstance(live, dict):
        if config is None:
            return live
        if isinstance(config, dict):
            return _merge_maps(live, config, shape)
    if shape.items is not None and isinstance(live, list):
        if config is None:
            return live
        if isinstance(config, list):
            return _merge_lists(live, config, shape, shape.items)
    return config


def _merge_lists(live: list[Any], config: list[Any], shape: Shape, items: Shape) -> list[Any]:
    """Merge element by element.

    An identity that the live list has twice is not merged: the configuration's element replaces both.
    """
    live_steps = [item_step(item, shape) for item in live]
    wanted = {item_step(item, shape): item for item in config}
    ours = dict(zip(live_steps, live, strict=True))
    twice = {step for step, times in Counter(live_steps).items() if times > 1} if len(ours) < len(live) else ()
    result: list[Any] = []
    steps = list(wanted)
    if live_steps == steps:
        return [_merge(old, new, items) for old, new in zip(live, config, strict=True)]
    for place in _interleaved(live_steps, steps):
        if isinstance(place, int):
            result.append(live[place])
        elif place in ours and place not in twice:
            result.append(_merge(ours[place], wanted[place], items))
        else:
            result.append(wanted[place])
    return result


def _interleaved(live: list[str], wanted: list[str]) -> Iterator[int | str]:
    """Yield the order of a merged list: the place of an element that only the live one has, or a wanted identity.

    What is wanted stands in the wanted order; what only the live list has stands before the next common element that
    followed it there.
    """
    is_wanted, known, done = set(wanted), set(live), set[str]()
    common = iter([step for step in wanted if step in known])
    next_common, left, place = next(common, None), 0, 0
    while left < len(live) or place < len(wanted):
        both = left < len(live) and place < len(wanted)
        is_together = both and live[left] == wanted[place]
        if both and not is_together and live[left] in is_wanted and next_common not in (None, live[left]):
            left += 1  # it comes later, in the wanted order
            continue
        if left < len(live) and not is_together:
            if live[left] not in is_wanted:
                yield left
                left += 1
                continue
            left += live[left] in done
        if place < len(wanted):
            yield wanted[place]
            done.add(wanted[place])
            if is_together or next_common == wanted[place]:
                next_common = next(common, None)
            place, left = place + 1, left + is_together


def remove(value: Plain, fields: FieldSet, shape: Shape) -> Plain:
    """Return an object without some of its fields.

    Elements of lists and members of maps can go, parts of leaves cannot. What loses everything that it holds and is not
    to go itself stays empty: somebody owns it.
    """
    result: Plain = _remove(value, fields.tree, shape)
    return result


def _remove(value: Any, fields: Tree, shape: Shape) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and shape.is_granular:
        members, others = shape.members, shape.others
        kept = {}
        for name, child in value.items():
            node = fields.get("f:" + name)
            if node is None:
                kept[name] = child
            elif node and SELF not in node:
                kept[name] = _remove(child, node, members.get(name) or others or LEAF)
        return kept
    if isinstance(value, list) and shape.items is not None:
        rest = []
        for item in value:
            node = fields.get(item_step(item, shape))
            if node is None:
                rest.append(item)
            elif node and SELF not in node:
                rest.append(_remove(item, node, shape.items))
        return rest
    return value
