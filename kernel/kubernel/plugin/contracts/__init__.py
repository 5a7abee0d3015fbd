"""The contracts: one module a role. A plugin implements one of them and is found through its entry point.

`ROLES` is the list of all roles with their entry-point groups; everything that must know "which roles exist"
reads it.
"""

from kubernel.plugin.contracts.actor import Actor, ActorContext, Controller
from kubernel.plugin.contracts.agent import Agent
from kubernel.plugin.contracts.network import Network
from kubernel.plugin.contracts.plugin import NoSettings, Plugin, PluginInfo
from kubernel.plugin.contracts.proxy import Proxy
from kubernel.plugin.contracts.roles import ROLES, Role, role_named
from kubernel.plugin.contracts.runtime import Runtime
from kubernel.plugin.contracts.scheduler import Scheduler

__all__ = [
    "ROLES",
    "Actor",
    "ActorContext",
    "Agent",
    "Controller",
    "Network",
    "NoSettings",
    "Plugin",
    "PluginInfo",
    "Proxy",
    "Role",
    "Runtime",
    "Scheduler",
    "role_named",
]
