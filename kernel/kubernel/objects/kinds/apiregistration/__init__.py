"""The kinds of the group ``apiregistration.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.apiregistration.api_service import API_SERVICE

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (API_SERVICE,)
