"""The kinds of the group ``flowcontrol.apiserver.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.flowcontrol.flow_schema import FLOW_SCHEMA
from kubernel.objects.kinds.flowcontrol.priority_level import PRIORITY_LEVEL

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (FLOW_SCHEMA, PRIORITY_LEVEL)
