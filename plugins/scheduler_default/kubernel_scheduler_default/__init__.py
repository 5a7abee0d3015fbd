"""Scheduler ``default``: filter steps, then weighted score steps, over numpy columns of the whole cluster."""

from kubernel_scheduler_default.scheduler import DefaultScheduler
from kubernel_scheduler_default.settings import DefaultSettings

__all__ = ["DefaultScheduler", "DefaultSettings"]
