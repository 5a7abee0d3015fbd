"""The cluster's ``Plugin`` objects, as the command line reads and writes them.

A swap is nothing but a changed object: the command patches ``spec`` and reads in ``status`` what came of it.
"""

import time
from dataclasses import dataclass

from kubernel.cli.access.connection import MERGE_PATCH, Connection, Plain

__all__ = ["PluginState", "create", "list_plugins", "patch", "read"]

PATH = "/apis/kubernel.dev/v1/plugins"
RETRY_ANNOTATION = "kubernel.dev/retry"
"""Another value makes the supervisor try a refused driver again (``docs/plugins/README.md``)."""


@dataclass(frozen=True, slots=True)
class PluginState:
    """One Plugin object: what is wanted (`driver`, `enabled`) and what is (`running`, `phase`, …).

    Attributes:
        name: The object's name.
        role: Which role it fills.
        driver: The wanted driver.
        enabled: Whether it shall run.
        running: The driver that runs now; the old one after a failed swap.
        distribution, version: Where the running one comes from.
        phase, ready, restarts, message: How it does.
        is_settled: Whether the status answers the latest spec and the latest retry.
    """

    name: str
    role: str
    driver: str
    enabled: bool
    running: str
    distribution: str
    version: str
    phase: str
    ready: bool
    restarts: int
    message: str
    is_settled: bool

    @property
    def health(self) -> str:
        """How it does, in a few words."""
        if not self.enabled:
            return "disabled"
        restarts = f" ({self.restarts} restarts)" if self.restarts else ""
        if self.phase == "Running" and self.ready:
            return f"healthy{restarts}" + (f": {self.message}" if self.message else "")
        return f"{(self.phase or 'Pending').lower()}{restarts}" + (f": {self.message}" if self.message else "")


def list_plugins(connection: Connection) -> list[PluginState]:
    """Return every Plugin object."""
    return [_state(item) for item in connection.get(PATH)["items"]]


def read(connection: Connection, name: str) -> PluginState:
    """Return one Plugin object."""
    return _state(connection.get(f"{PATH}/{name}"))


def patch(connection: Connection, name: str, spec: Plain) -> PluginState:
    """Change a Plugin object's spec by a merge patch.

    A spec that was refused is tried again even if nothing in it changes: whoever repeats the command has mended
    something else.
    """
    body: Plain = {"metadata": {"annotations": {RETRY_ANNOTATION: str(time.time_ns())}}, "spec": spec}
    return _state(connection.request("PATCH", f"{PATH}/{name}", body=body, content_type=MERGE_PATCH))


def create(connection: Connection, name: str, spec: Plain) -> PluginState:
    """Create a Plugin object."""
    body = {"apiVersion": "kubernel.dev/v1", "kind": "Plugin", "metadata": {"name": name}, "spec": spec}
    return _state(connection.request("POST", PATH, body=body))


def _state(document: Plain) -> PluginState:
    spec: Plain = document.get("spec") or {}
    status: Plain = document.get("status") or {}
    generation = document["metadata"].get("generation") or 0
    retry = (document["metadata"].get("annotations") or {}).get(RETRY_ANNOTATION)
    return PluginState(
        name=document["metadata"]["name"],
        role=spec.get("role", ""),
        driver=spec.get("driver", ""),
        enabled=spec.get("enabled", True),
        running=status.get("driver") or "",
        distribution=status.get("distribution") or "",
        version=status.get("version") or "",
        phase=status.get("phase") or "",
        ready=bool(status.get("ready")),
        restarts=status.get("restarts") or 0,
        message=status.get("message") or "",
        is_settled=(status.get("observedGeneration") or 0) >= generation and status.get("observedRetry") == retry,
    )
