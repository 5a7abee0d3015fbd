"""The generated Kubernetes types, under the names that the rest of the code uses.

Each group's msgspec Structs are a module of its own (``core``, ``meta``, ``rbac`` …), generated from the OpenAPI of one
Kubernetes release by ``lightkube-models``. Two facts of theirs are relied upon elsewhere: every object encodes
``apiVersion``, ``kind``, ``metadata`` first and in this order, and a field that holds its default is left out.
"""

from typing import Any, Protocol

import kubernel.objects.models_alone  # noqa: F401 - before the first of them

# isort: split
from lightkube.models import admissionregistration_v1 as admissionregistration
from lightkube.models import apiregistration_v1 as apiregistration
from lightkube.models import apps_v1 as apps
from lightkube.models import autoscaling_v2 as autoscaling
from lightkube.models import batch_v1 as batch
from lightkube.models import certificates_v1 as certificates
from lightkube.models import coordination_v1 as coordination
from lightkube.models import core_v1 as core
from lightkube.models import discovery_v1 as discovery
from lightkube.models import events_v1 as events
from lightkube.models import flowcontrol_v1 as flowcontrol
from lightkube.models import meta_v1 as meta
from lightkube.models import networking_v1 as networking
from lightkube.models import node_v1 as node
from lightkube.models import policy_v1 as policy
from lightkube.models import rbac_v1 as rbac
from lightkube.models import resource_v1 as resource
from lightkube.models import scheduling_v1 as scheduling
from lightkube.models import storage_v1 as storage
from lightkube.models import storagemigration_v1 as storagemigration

__all__ = [
    "ApiObject",
    "Plain",
    "admissionregistration",
    "apiregistration",
    "apps",
    "autoscaling",
    "batch",
    "certificates",
    "coordination",
    "core",
    "discovery",
    "events",
    "flowcontrol",
    "meta",
    "meta_of",
    "networking",
    "node",
    "policy",
    "rbac",
    "resource",
    "scheduling",
    "storage",
    "storagemigration",
]

Plain = dict[str, Any]
"""A decoded JSON object. It never leaves the codec and the patches."""


class ApiObject(Protocol):
    """What every typed object has: the three fields that the kernel itself reads."""

    apiVersion: str | None  # noqa: N815 - the field's name on the wire
    kind: str | None
    metadata: meta.ObjectMeta | None


def meta_of(obj: ApiObject) -> meta.ObjectMeta:
    """Return the object's metadata, attaching an empty one when it has none.

    The result belongs to the object: changing it changes the object.
    """
    if obj.metadata is None:
        obj.metadata = meta.ObjectMeta()
    return obj.metadata
