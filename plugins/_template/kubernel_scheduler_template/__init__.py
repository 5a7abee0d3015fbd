"""Scheduler ``template``: takes the first node that fits."""

from kubernel_scheduler_template.scheduler import TemplateScheduler, TemplateSettings

__all__ = ["TemplateScheduler", "TemplateSettings"]
