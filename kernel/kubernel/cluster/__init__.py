"""The cluster on one machine: ``kubernel up`` and what stands behind it.

`up` checks the ground and starts the processes, `supervisor` keeps them, `down` and `status` look from outside.
``state`` is what lies in the data directory, ``processes`` is how a process is born, watched and ended, ``units``
makes the Plugin objects true: one unit is one Plugin object with the host that serves it.
"""

from kubernel.cluster.down import down
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.settings import Progress, UpReport, UpSettings
from kubernel.cluster.status import ClusterStatus, ComponentStatus, status
from kubernel.cluster.up import up

__all__ = [
    "ClusterError",
    "ClusterStatus",
    "ComponentStatus",
    "Progress",
    "UpReport",
    "UpSettings",
    "down",
    "status",
    "up",
]
