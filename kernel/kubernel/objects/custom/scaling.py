"""The ``scale`` subresource of a custom kind: three fields, each named by a dotted path.

Source: apiextensions-apiserver ``pkg/registry/customresource`` (``etcd.go``, ``validator.go``).
"""

from collections.abc import Iterator
from typing import Any

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.custom_object import CustomObject
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Scale
from kubernel.objects.models import Plain

__all__ = ["scale_errors", "scale_of"]

MOST_REPLICAS = 2**31 - 1


def scale_of(paths: apiextensions.CustomResourceSubresourceScale) -> Scale[CustomObject]:
    """Return how the subresource reads and writes an object; what is absent counts as 0."""
    return Scale(
        replicas=lambda obj: _count(obj, paths.specReplicasPath),
        set_replicas=lambda obj, replicas: _set(obj.content, paths.specReplicasPath, replicas),
        current=lambda obj: _count(obj, paths.statusReplicasPath),
        selector=lambda obj: _selector(obj, paths.labelSelectorPath or ""),
        path=tuple(_steps(paths.specReplicasPath)),
    )


def scale_errors(content: Plain, paths: apiextensions.CustomResourceSubresourceScale) -> Iterator[FieldError]:
    """Yield what is wrong with the three fields of an object."""
    for path in (paths.specReplicasPath, paths.statusReplicasPath):
        value = _at(content, path)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            yield field_invalid(
                path, 0, f"{path} accessor error: {value} is of the type {_type(value)}, expected int64"
            )
        elif value < 0:
            yield field_invalid(path, value, "should be a non-negative integer")
        elif value > MOST_REPLICAS:
            yield field_invalid(path, value, f"should be less than or equal to {MOST_REPLICAS}")
    selector = _at(content, paths.labelSelectorPath or "")
    if selector is not None and not isinstance(selector, str):
        path = paths.labelSelectorPath or ""
        yield field_invalid(
            path, "", f"{path} accessor error: {selector} is of the type {_type(selector)}, expected string"
        )


def _steps(path: str) -> list[str]:
    return path.removeprefix(".").split(".")


def _at(content: Plain, path: str) -> Any:  # noqa: ANN401 - whatever is there
    value: Any = content
    for step in _steps(path):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _count(obj: CustomObject, path: str) -> int:
    value = _at(obj.content, path)
    return value if isinstance(value, int) else 0


def _selector(obj: CustomObject, path: str) -> str:
    value = _at(obj.content, path)
    return value if isinstance(value, str) else ""


def _set(content: Plain, path: str, replicas: int) -> None:
    *parents, last = _steps(path)
    place = content
    for step in parents:
        inner = place.get(step)
        if not isinstance(inner, dict):
            inner = place[step] = {}
        place = inner
    place[last] = replicas


def _type(value: Any) -> str:  # noqa: ANN401
    """Return a type's name in Go, as the words of the error have it."""
    names = {bool: "bool", int: "int64", float: "float64", str: "string", list: "[]interface {}"}
    return names.get(type(value), "map[string]interface {}")
