"""The kinds of the group ``events.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.events.event import NEWER_EVENT

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (NEWER_EVENT,)
