"""Whether the drivers that the command line names are installed, asked before anything is started."""

from collections.abc import Mapping

from kubernel.cluster.errors import ClusterError
from kubernel.plugin.discovery import find

__all__ = ["require_installed"]


def require_installed(drivers: Mapping[str, str]) -> None:
    """Return when every driver that a flag names is installed; nothing is imported.

    Raises:
        ClusterError: One is not; the message names those that are.
    """
    for role, driver in drivers.items():
        names = sorted({found.name for found in find(role)})
        if driver not in names:
            raise ClusterError(
                f"no installed distribution offers {role} {driver!r}; installed: {', '.join(names) or 'none'}"
            )
