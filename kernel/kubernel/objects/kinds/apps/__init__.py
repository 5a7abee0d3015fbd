"""The kinds of the group ``apps``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.apps.controller_revision import CONTROLLER_REVISION
from kubernel.objects.kinds.apps.daemon_set import DAEMON_SET
from kubernel.objects.kinds.apps.deployment import DEPLOYMENT
from kubernel.objects.kinds.apps.replica_set import REPLICA_SET
from kubernel.objects.kinds.apps.stateful_set import STATEFUL_SET

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (CONTROLLER_REVISION, DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET)
