"""The settings of the process runtime."""

from typing import Literal

import msgspec

__all__ = ["ProcessSettings"]


class ProcessSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of the process runtime.

    Attributes:
        images: The local image store; empty is ``images`` in the cluster's data directory.
        isolation: ``auto`` takes the most that the kernel permits; a level by name asks for this one, and the
            runtime falls back to ``plain`` when it is not permitted.
        log_max_bytes: The size at which a container's log is rotated; one older file is kept. The default is
            what the kubelet has.
    """

    images: str = ""
    isolation: Literal["auto", "namespaces", "user-namespaces", "plain"] = "auto"
    log_max_bytes: int = 10 * 1024 * 1024
