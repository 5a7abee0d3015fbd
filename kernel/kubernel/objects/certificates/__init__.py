"""Requests for certificates: what may be asked for, and who may say what about it afterwards."""

from kubernel.objects.certificates.conditions import (
    approval_errors,
    condition_errors,
    stamp_conditions,
    status_errors,
    take_approval,
)
from kubernel.objects.certificates.request import certificate_errors, request_errors

__all__ = [
    "approval_errors",
    "certificate_errors",
    "condition_errors",
    "request_errors",
    "stamp_conditions",
    "status_errors",
    "take_approval",
]
