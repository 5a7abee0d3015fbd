"""Keeps N copies of a pod: too few → start some, too many → kill some (the talk's slides 85 to 91)."""

from kubernel_controller_replication.controller import ReplicationController, ReplicationSettings

__all__ = ["ReplicationController", "ReplicationSettings"]
