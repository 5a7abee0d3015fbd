"""The kinds of the group ``coordination.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.coordination.lease import LEASE

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (LEASE,)
