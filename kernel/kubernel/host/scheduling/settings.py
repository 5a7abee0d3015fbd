"""How the scheduling loop behaves, whichever scheduler it runs."""

from dataclasses import dataclass

__all__ = ["SchedulingSettings"]


@dataclass(frozen=True, slots=True)
class SchedulingSettings:
    """Settings of the loop.

    Attributes:
        scheduler_names: The values of ``spec.schedulerName`` that are ours besides the driver's own name. The API
            server defaults the field to ``default-scheduler``, so whichever driver serves the role takes those.
        batch_max: Pods in one call of the driver; the contract's upper bound.
        binds_in_flight: Bindings written at once: enough to fill the API server's group commit.
        backoff_first_s: The pause after a first failed attempt (kube-scheduler's value).
        backoff_max_s: The longest pause between two attempts that something changed for (kube-scheduler's value).
        retry_unschedulable_s: A pod that nothing changed for is looked at again after so long, in case a change
            was missed.
        decide_timeout_s: A driver that thinks longer about one batch hangs; the process ends and is started anew.
        leader_election: Work only while holding the Lease ``kube-system/kubernel-scheduler``. Off in the embedded
            cluster, whose supervisor runs one scheduler.
    """

    scheduler_names: frozenset[str] = frozenset({"default-scheduler"})
    batch_max: int = 1000
    binds_in_flight: int = 48
    backoff_first_s: float = 1.0
    backoff_max_s: float = 10.0
    retry_unschedulable_s: float = 60.0
    decide_timeout_s: float = 30.0
    leader_election: bool = False
