"""Admission: what a write must respect beyond its own kind's rules, asked in a fixed order."""

from kubernel.api.admission.chain import AdmissionChain
from kubernel.api.admission.reader import CacheReader

__all__ = ["AdmissionChain", "CacheReader"]
