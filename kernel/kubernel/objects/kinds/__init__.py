"""The kinds that the kernel itself serves: one small file each, a folder a group.

A new kind is a new file in its group's folder and its line in that group's ``KINDS`` (or a plugin's, through the
``kubernel_kinds`` hook).
"""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds import (
    admissionregistration,
    apiextensions,
    apiregistration,
    apps,
    authentication,
    authorization,
    autoscaling,
    batch,
    certificates,
    coordination,
    core,
    discovery,
    events,
    flowcontrol,
    kubernel,
    networking,
    node,
    policy,
    rbac,
    resource,
    scheduling,
    storage,
    storagemigration,
)
from kubernel.objects.kinds.coordination.lease import LEASE
from kubernel.objects.kinds.core.config_map import CONFIG_MAP
from kubernel.objects.kinds.core.endpoints import ENDPOINTS
from kubernel.objects.kinds.core.event import EVENT
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.kinds.core.node import NODE
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.replication_controller import REPLICATION_CONTROLLER
from kubernel.objects.kinds.core.secret import SECRET
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.kinds.core.service_account import SERVICE_ACCOUNT
from kubernel.objects.kinds.kubernel.plugin import PLUGIN

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
    *core.KINDS,
    *admissionregistration.KINDS,
    *apiextensions.KINDS,
    *apiregistration.KINDS,
    *apps.KINDS,
    *authentication.KINDS,
    *authorization.KINDS,
    *autoscaling.KINDS,
    *batch.KINDS,
    *certificates.KINDS,
    *coordination.KINDS,
    *discovery.KINDS,
    *events.KINDS,
    *flowcontrol.KINDS,
    *networking.KINDS,
    *node.KINDS,
    *policy.KINDS,
    *rbac.KINDS,
    *resource.KINDS,
    *scheduling.KINDS,
    *storage.KINDS,
    *storagemigration.KINDS,
    *kubernel.KINDS,
)
"""Every built-in kind, in the order in which discovery lists them."""
