"""The kinds of the group ``discovery.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.discovery.endpoint_slice import ENDPOINT_SLICE

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (ENDPOINT_SLICE,)
