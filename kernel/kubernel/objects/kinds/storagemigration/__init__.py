"""The kinds of the group ``storagemigration.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.storagemigration.storage_version_migration import STORAGE_VERSION_MIGRATION

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (STORAGE_VERSION_MIGRATION,)
