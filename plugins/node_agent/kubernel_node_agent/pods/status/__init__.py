"""What is said of a pod: computed from what is seen, and written when it is news.

``whole`` (phase, addresses) over ``containers`` and ``conditions`` is pure; ``reporting`` writes. The rules and words
are the kubelet's.
"""

from kubernel_node_agent.pods.status.containers import Surroundings
from kubernel_node_agent.pods.status.reporting import report
from kubernel_node_agent.pods.status.whole import pod_status

__all__ = ["Surroundings", "pod_status", "report"]
