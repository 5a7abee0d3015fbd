"""The kind ``HorizontalPodAutoscaler`` as ``autoscaling/v1`` has it: the CPU, and annotations for the rest."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from lightkube.models import autoscaling_v1

from kubernel.objects.autoscaling.older import older, stored
from kubernel.objects.kind import Cell, Column, Kind, PureView
from kubernel.objects.kinds.autoscaling.horizontal_pod_autoscaler import HORIZONTAL_POD_AUTOSCALER
from kubernel.objects.models import autoscaling

__all__ = ["HORIZONTAL_POD_AUTOSCALER_V1"]

Autoscaler = autoscaling.HorizontalPodAutoscaler


def _column(column: Column[Any]) -> Column[Any]:
    """Return a column of the stored kind, which says of both versions the same."""

    def cell(autoscaler: autoscaling_v1.HorizontalPodAutoscaler, now: datetime) -> Cell:
        plain = stored(msgspec.json.decode(msgspec.json.encode(autoscaler)), None)
        return column.cell(msgspec.convert(plain, Autoscaler), now)

    return replace(column, cell=cell)


HORIZONTAL_POD_AUTOSCALER_V1: Kind[autoscaling_v1.HorizontalPodAutoscaler] = Kind(
    type=autoscaling_v1.HorizontalPodAutoscaler,
    group="autoscaling",
    version="v1",
    name="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    namespaced=True,
    short_names=("hpa",),
    categories=("all",),
    columns=tuple(map(_column, HORIZONTAL_POD_AUTOSCALER.columns)),
    has_status=True,
    view=PureView(of=HORIZONTAL_POD_AUTOSCALER, shown=older, stored=stored),
)
