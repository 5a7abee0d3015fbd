"""The kinds of the group ``scheduling.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.scheduling.priority_class import PRIORITY_CLASS

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (PRIORITY_CLASS,)
