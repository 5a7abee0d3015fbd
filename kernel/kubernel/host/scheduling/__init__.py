"""Everything around a scheduler's decision: watching, batching, binding, events and retries.

A `Scheduler` is a pure function over a snapshot; `SchedulingLoop` calls it. The rest of the room: `view` reads pods and
nodes into the contract's values, `cache` keeps the snapshot current, `queue` holds the waiting pods, `decider` calls
the driver and checks its answers, `binder` writes the bindings, `reports` tells people why a pod waits.
"""

from kubernel.host.scheduling.loop import SchedulingLoop
from kubernel.host.scheduling.settings import SchedulingSettings

__all__ = ["SchedulingLoop", "SchedulingSettings"]
