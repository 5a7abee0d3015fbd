"""ResourceQuotas in force: nothing is stored that a namespace may not have altogether."""

from kubernel_admission_resourcequota.plugin import Quotas

__all__ = ["Quotas"]
