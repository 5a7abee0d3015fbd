"""The kinds of the core group, ``v1``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.core.binding import BINDING
from kubernel.objects.kinds.core.component_status import COMPONENT_STATUS
from kubernel.objects.kinds.core.config_map import CONFIG_MAP
from kubernel.objects.kinds.core.endpoints import ENDPOINTS
from kubernel.objects.kinds.core.event import EVENT
from kubernel.objects.kinds.core.limit_range import LIMIT_RANGE
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.kinds.core.node import NODE
from kubernel.objects.kinds.core.persistent_volume import PERSISTENT_VOLUME
from kubernel.objects.kinds.core.persistent_volume_claim import PERSISTENT_VOLUME_CLAIM
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.pod_template import POD_TEMPLATE
from kubernel.objects.kinds.core.replication_controller import REPLICATION_CONTROLLER
from kubernel.objects.kinds.core.resource_quota import RESOURCE_QUOTA
from kubernel.objects.kinds.core.secret import SECRET
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.kinds.core.service_account import SERVICE_ACCOUNT

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (
    BINDING,
    COMPONENT_STATUS,
    CONFIG_MAP,
    ENDPOINTS,
    EVENT,
    LIMIT_RANGE,
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    POD_TEMPLATE,
    REPLICATION_CONTROLLER,
    RESOURCE_QUOTA,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
)
