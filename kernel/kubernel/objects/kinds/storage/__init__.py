"""The kinds of the group ``storage.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.storage.csi_driver import CSI_DRIVER
from kubernel.objects.kinds.storage.csi_node import CSI_NODE
from kubernel.objects.kinds.storage.csi_storage_capacity import CSI_STORAGE_CAPACITY
from kubernel.objects.kinds.storage.storage_class import STORAGE_CLASS
from kubernel.objects.kinds.storage.volume_attachment import VOLUME_ATTACHMENT
from kubernel.objects.kinds.storage.volume_attributes_class import VOLUME_ATTRIBUTES_CLASS

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (
    CSI_DRIVER,
    CSI_NODE,
    CSI_STORAGE_CAPACITY,
    STORAGE_CLASS,
    VOLUME_ATTACHMENT,
    VOLUME_ATTRIBUTES_CLASS,
)
