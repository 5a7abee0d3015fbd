"""The kinds of the group ``resource.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.resource.device_class import DEVICE_CLASS
from kubernel.objects.kinds.resource.device_taint_rule import DEVICE_TAINT_RULE
from kubernel.objects.kinds.resource.resource_claim import RESOURCE_CLAIM
from kubernel.objects.kinds.resource.resource_claim_template import RESOURCE_CLAIM_TEMPLATE
from kubernel.objects.kinds.resource.resource_slice import RESOURCE_SLICE

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (
    DEVICE_CLASS,
    DEVICE_TAINT_RULE,
    RESOURCE_CLAIM,
    RESOURCE_CLAIM_TEMPLATE,
    RESOURCE_SLICE,
)
