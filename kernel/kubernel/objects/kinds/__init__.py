"""The kinds that the kernel itself serves: one small file each, and nothing else in the kernel names them.

A new kind is a new file here (or in a plugin, through the ``kubernel_kinds`` hook) and its line in `BUILTIN`.
"""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.config_map import CONFIG_MAP
from kubernel.objects.kinds.endpoints import ENDPOINTS
from kubernel.objects.kinds.event import EVENT
from kubernel.objects.kinds.lease import LEASE
from kubernel.objects.kinds.namespace import NAMESPACE
from kubernel.objects.kinds.node import NODE
from kubernel.objects.kinds.plugin import PLUGIN
from kubernel.objects.kinds.pod import POD
from kubernel.objects.kinds.replication_controller import REPLICATION_CONTROLLER
from kubernel.objects.kinds.secret import SECRET
from kubernel.objects.kinds.service import SERVICE
from kubernel.objects.kinds.service_account import SERVICE_ACCOUNT

__all__ = [
    "BUILTIN",
    "CONFIG_MAP",
    "ENDPOINTS",
    "EVENT",
    "LEASE",
    "NAMESPACE",
    "NODE",
    "PLUGIN",
    "POD",
    "REPLICATION_CONTROLLER",
    "SECRET",
    "SERVICE",
    "SERVICE_ACCOUNT",
]

BUILTIN: tuple[Kind[Any], ...] = (
    CONFIG_MAP,
    ENDPOINTS,
    EVENT,
    NAMESPACE,
    NODE,
    POD,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    LEASE,
    PLUGIN,
)
"""Every built-in kind, in the order in which discovery lists them."""
