"""Devices that pods claim: what nodes and drivers offer, what a claim asks for, and what it was given.

`slices` and `device` are what is offered, with `attributes` and `capacity`; `claims` and `requests` what is asked for,
`allocation` what was given. `names`, `selecting`, `taints` and `configuration` serve both sides.

Source: Kubernetes' ``pkg/apis/resource/validation``.
"""

from kubernel.objects.devices.allocation import claim_status_errors
from kubernel.objects.devices.claims import claim_errors, default_claim
from kubernel.objects.devices.configuration import configuration_errors
from kubernel.objects.devices.names import device_name_errors, pool_name_errors
from kubernel.objects.devices.selecting import selector_errors, selectors
from kubernel.objects.devices.slices import default_slice, slice_errors
from kubernel.objects.devices.taints import default_taint, taint_errors

__all__ = [
    "claim_errors",
    "claim_status_errors",
    "configuration_errors",
    "default_claim",
    "default_slice",
    "default_taint",
    "device_name_errors",
    "pool_name_errors",
    "selector_errors",
    "selectors",
    "slice_errors",
    "taint_errors",
]
