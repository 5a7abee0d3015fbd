"""The kinds of the group ``certificates.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.certificates.signing_request import SIGNING_REQUEST

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (SIGNING_REQUEST,)
