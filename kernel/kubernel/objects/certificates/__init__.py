"""Requests for certificates: what may be asked for, and who may say what about it afterwards."""

from kubernel.objects.certificates.conditions import (
    change_errors,
    condition_errors,
    prepare_approval,
    stamp_conditions,
)
from kubernel.objects.certificates.request import certificate_errors, request_errors

__all__ = [
    "certificate_errors",
    "change_errors",
    "condition_errors",
    "prepare_approval",
    "request_errors",
    "stamp_conditions",
]
