"""A pod's volumes as directories and files of this machine, ready to be mounted."""

from kubernel_node_agent.volumes.mounting import mounts_of
from kubernel_node_agent.volumes.preparing import VolumeFailed, Volumes

__all__ = ["VolumeFailed", "Volumes", "mounts_of"]
