"""What is alike for many pods: where they may run at all, whatever is left there.

The copies of a replication controller ask for the same labels and tolerate the same taints, so rules that do not
depend on the room that is left need to be evaluated only once for all of them.
"""

import msgspec

from kubernel.objects.models import core

__all__ = ["shape_key"]


def shape_key(pod: core.Pod) -> bytes:
    """Return a key that is equal for pods which `placement_refusal` cannot tell apart (preferences included)."""
    spec = pod.spec
    if spec is None:
        return b""
    affinity = spec.affinity.nodeAffinity if spec.affinity else None
    if not (spec.nodeName or spec.nodeSelector or affinity or spec.tolerations):
        return b""
    return msgspec.json.encode((spec.nodeName, spec.nodeSelector, affinity, spec.tolerations), order="sorted")
