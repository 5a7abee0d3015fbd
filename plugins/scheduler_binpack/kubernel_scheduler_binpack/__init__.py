"""Scheduler ``binpack``: fills the fullest node that a pod fits on, so that whole machines stay empty."""

from kubernel_scheduler_binpack.binpack import BinpackScheduler, BinpackSettings

__all__ = ["BinpackScheduler", "BinpackSettings"]
