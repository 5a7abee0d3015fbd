"""The kinds of the group ``kubernel.dev``, our own."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.kubernel.plugin import PLUGIN

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (PLUGIN,)
