"""The kinds of the group ``node.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.node.runtime_class import RUNTIME_CLASS

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (RUNTIME_CLASS,)
