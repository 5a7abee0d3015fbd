"""The toolkit of scheduler authors: what Kubernetes' scheduling fields mean, as small pure functions.

Everything here is over the value types of the scheduler contract, keeps no state beyond one batch and may be
mixed with a scheduler's own rules. `Ledger` does the accounting inside a batch, `refusals` says why a node does not
take a pod, in the words that Kubernetes uses.
"""

from kubernel.plugin.scheduling.affinity import (
    any_term_matches,
    matches_required_affinity,
    node_fields,
    preference,
    requirement_matches,
    term_matches,
)
from kubernel.plugin.scheduling.ledger import Ledger
from kubernel.plugin.scheduling.refusals import (
    AFFINITY,
    CORDONED,
    CPU,
    MEMORY,
    NODE_NAME,
    NOT_READY,
    PODS,
    insufficient,
    placement_refusal,
    refusals,
    unschedulable_reason,
    untolerated_reason,
)
from kubernel.plugin.scheduling.shape import shape_key
from kubernel.plugin.scheduling.taints import REPELS, UNSCHEDULABLE_TAINT, tolerates, untolerated

__all__ = [
    "AFFINITY",
    "CORDONED",
    "CPU",
    "MEMORY",
    "NODE_NAME",
    "NOT_READY",
    "PODS",
    "REPELS",
    "UNSCHEDULABLE_TAINT",
    "Ledger",
    "any_term_matches",
    "insufficient",
    "matches_required_affinity",
    "node_fields",
    "placement_refusal",
    "preference",
    "refusals",
    "requirement_matches",
    "shape_key",
    "term_matches",
    "tolerates",
    "unschedulable_reason",
    "untolerated",
    "untolerated_reason",
]
