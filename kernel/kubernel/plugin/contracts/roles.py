"""The roles: which exist, whether one driver or many serve a role, and where their entry points are."""

from dataclasses import dataclass
from typing import Any

from kubernel.plugin.contracts.actor import Controller
from kubernel.plugin.contracts.agent import Agent
from kubernel.plugin.contracts.network import Network
from kubernel.plugin.contracts.plugin import Plugin
from kubernel.plugin.contracts.proxy import Proxy
from kubernel.plugin.contracts.runtime import Runtime
from kubernel.plugin.contracts.scheduler import Scheduler

__all__ = ["ROLES", "Role", "role_named"]


@dataclass(frozen=True, slots=True)
class Role:
    """A place in the cluster that plugins fill.

    Attributes:
        name: Such as ``scheduler``.
        contract: The class that a driver derives from; ``None`` for roles that are pluggy hooks.
        exclusive: One driver serves the role; else all that are enabled do.
        hosted: It gets a process of its own. A role that is not hosted lives inside another (a runtime inside
            the agent) or inside the API server.
        drivers: The roles whose drivers are constructed in this role's host.
        default: The driver of a new cluster.
        side_by_side: Whether two drivers may serve for a moment, so that a swap starts the new one before it stops
            the old one. Those that hold addresses or sockets may not: the old one ends first.
    """

    name: str
    contract: type[Plugin] | None
    exclusive: bool
    hosted: bool
    drivers: tuple[str, ...] = ()
    default: str | None = None
    side_by_side: bool = True

    @property
    def entry_point_group(self) -> str:
        """Where distributions announce plugins of this role."""
        return f"kubernel.{self.name}"

    @property
    def api_version(self) -> int | None:
        """The contract's version; a plugin made for another one is refused."""
        version: Any = getattr(self.contract, "api_version", None)
        return version if isinstance(version, int) else None


ROLES: tuple[Role, ...] = (
    Role("scheduler", Scheduler, exclusive=True, hosted=True, default="default"),
    Role(
        "agent", Agent, exclusive=True, hosted=True, drivers=("runtime", "network"), default="node", side_by_side=False
    ),
    Role("runtime", Runtime, exclusive=True, hosted=False, default="process"),
    Role("network", Network, exclusive=True, hosted=False, default="loopback"),
    Role("proxy", Proxy, exclusive=True, hosted=True, default="userspace", side_by_side=False),
    Role("controller", Controller, exclusive=False, hosted=True),
    Role("resources", None, exclusive=False, hosted=False),
    Role("authenticator", None, exclusive=False, hosted=False),
    Role("authorizer", None, exclusive=False, hosted=False),
    Role("admission", None, exclusive=False, hosted=False),
)

_BY_NAME = {role.name: role for role in ROLES}


def role_named(name: str) -> Role | None:
    """Return the role, or ``None`` when there is none of this name."""
    return _BY_NAME.get(name)
