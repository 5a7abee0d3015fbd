"""Admission: what a write must respect beyond its own kind's rules, asked in a fixed order."""

from kubernel.api.admission.chain import AdmissionChain

__all__ = ["AdmissionChain"]
