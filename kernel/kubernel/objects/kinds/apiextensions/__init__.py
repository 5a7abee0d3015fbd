"""The kinds of the group ``apiextensions.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.apiextensions.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (CUSTOM_RESOURCE_DEFINITION,)
