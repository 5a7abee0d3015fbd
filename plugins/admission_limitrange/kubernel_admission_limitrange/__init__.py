"""LimitRanges in force: what a pod, a container or a claim gets unasked, and how much it may ask for."""

from kubernel_admission_limitrange.plugin import LimitRanges

__all__ = ["LimitRanges"]
