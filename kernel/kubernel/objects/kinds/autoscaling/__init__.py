"""The kinds of the group ``autoscaling``, both versions; the newer one is stored."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.autoscaling.horizontal_pod_autoscaler import HORIZONTAL_POD_AUTOSCALER
from kubernel.objects.kinds.autoscaling.horizontal_pod_autoscaler_v1 import HORIZONTAL_POD_AUTOSCALER_V1

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (HORIZONTAL_POD_AUTOSCALER, HORIZONTAL_POD_AUTOSCALER_V1)
