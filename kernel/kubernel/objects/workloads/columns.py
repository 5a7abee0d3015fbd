"""The columns that every workload ends with: the containers of its template, their images, its selector."""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.kind import Column
from kubernel.objects.models import core, meta
from kubernel.objects.workloads.selecting import shown_selector

__all__ = ["image_columns", "selector_column"]


def image_columns(template: Callable[[Any], core.PodTemplateSpec | None], priority: int = 1) -> tuple[Column[Any], ...]:
    """Return the columns ``Containers`` and ``Images``.

    Args:
        template: Finds the template in the object.
        priority: As of every column.
    """

    def containers(obj: Any) -> Iterable[core.Container]:  # noqa: ANN401 - an object of the kind
        found = template(obj)
        return found.spec.containers if found is not None and found.spec is not None else ()

    return (
        Column(
            "Containers",
            lambda obj, _now: ",".join(c.name for c in containers(obj)),
            priority=priority,
            description="Names of each container in the template.",
        ),
        Column(
            "Images",
            lambda obj, _now: ",".join(c.image or "" for c in containers(obj)),
            priority=priority,
            description="Images referenced by each container in the template.",
        ),
    )


def selector_column(selector: Callable[[Any], meta.LabelSelector | None], description: str) -> Column[Any]:
    """Return the column ``Selector``."""
    return Column("Selector", lambda obj, _now: shown_selector(selector(obj)), priority=1, description=description)
