"""The kinds of the group ``rbac.authorization.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.rbac.cluster_role import CLUSTER_ROLE
from kubernel.objects.kinds.rbac.cluster_role_binding import CLUSTER_ROLE_BINDING
from kubernel.objects.kinds.rbac.role import ROLE
from kubernel.objects.kinds.rbac.role_binding import ROLE_BINDING

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING)
