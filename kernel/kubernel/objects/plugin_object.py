"""The kind ``Plugin`` (``kubernel.dev/v1``): which driver serves a role, as an object like any other.

The supervisor reconciles it: ``spec`` says what should run, ``status`` what does. Its Structs have the shape of the
generated models, so every other room treats a Plugin like a Pod.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kubernel.objects.models import meta

__all__ = ["PHASES", "Plugin", "PluginSpec", "PluginStatus"]

PHASES = ("Pending", "Running", "Failed", "Disabled")


class PluginSpec(msgspec.Struct, omit_defaults=True):
    """What should serve the role.

    Attributes:
        role: The role, one of the entry-point groups ``kubernel.<role>``, such as ``scheduler``.
        driver: The entry point's name in that group.
        package: A requirement that pip installs first when the driver is not there.
        config: The driver's settings; it refuses keys that it does not know.
        enabled: Whether the driver should run at all.
    """

    role: str
    driver: str
    package: str | None = None
    config: dict[str, Any] | None = None
    enabled: bool = True


class PluginStatus(msgspec.Struct, omit_defaults=True):
    """What serves the role now.

    Attributes:
        driver: The driver that runs, which after a failed swap is the old one.
        distribution: Where it comes from.
        version: The distribution's version.
        phase: One of `PHASES`.
        ready: Whether it does its work.
        restarts: How often its process was started again.
        message: What is wrong, in one sentence; empty when nothing is.
        observedGeneration: The ``metadata.generation`` that this status answers.
        observedRetry: The value of the annotation ``kubernel.dev/retry`` that this status answers.
        pid: The process, for people.
    """

    driver: str | None = None
    distribution: str | None = None
    version: str | None = None
    phase: str | None = None
    ready: bool | None = None
    restarts: int | None = None
    message: str | None = None
    observedGeneration: int | None = None  # noqa: N815 - the field's name on the wire
    observedRetry: str | None = None  # noqa: N815
    pid: int | None = None


class Plugin(msgspec.Struct, omit_defaults=True):
    """One role of the cluster and what serves it.

    Attributes:
        spec: What is wanted.
        status: What serves it now, as its host reports.
    """

    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None
    metadata: meta.ObjectMeta | None = None
    spec: PluginSpec | None = None
    status: PluginStatus | None = None

    def __post_init__(self) -> None:
        """Name the kind, as the generated models do."""
        self.apiVersion = "kubernel.dev/v1"
        self.kind = "Plugin"
