"""What one host process is to run: the message from the supervisor, complete, so that a host reads no other file."""

from pathlib import Path

import msgspec

from kubernel.objects.models import Plain

__all__ = ["DriverSpec", "HostSpec"]


class DriverSpec(msgspec.Struct, frozen=True):
    """One driver: its role, its entry point's name and the settings as the Plugin object has them."""

    role: str
    name: str
    config: Plain | None = None


class HostSpec(msgspec.Struct, frozen=True):
    """One host.

    Attributes:
        component: The name in logs and events: that of the Plugin object, such as ``scheduler``.
        driver: The driver that runs.
        uses: The drivers that it works with (`Role.drivers`), such as an agent's runtime and network.
        data: The cluster's data directory.
        nodes: The nodes that an agent serves.
    """

    component: str
    driver: DriverSpec
    data: str
    uses: tuple[DriverSpec, ...] = ()
    nodes: tuple[str, ...] = ()

    @property
    def socket(self) -> Path:
        """The API server's socket."""
        return Path(self.data, "run", "api.sock")

    @property
    def plugin_data(self) -> Path:
        """The plugin's own directory."""
        return Path(self.data, "plugins", self.component)
