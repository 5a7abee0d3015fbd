"""What every plugin answers, whatever its role: who it is and which settings it has."""

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

import msgspec

__all__ = ["NoSettings", "Plugin", "PluginInfo"]


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is.

    Attributes:
        name: The driver's name: the entry point's name, such as ``binpack``.
        summary: One sentence for ``kubernel plugin list``.
        api_version: The version of the role's contract that it was written for.
        capabilities: Optional abilities of the role that it has, as the contract's module lists them.
    """

    name: str
    summary: str
    api_version: int = 1
    capabilities: frozenset[str] = frozenset()


class NoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a plugin that has none: any key is an error."""


class Plugin(ABC):
    """The root of all contracts.

    A plugin class sets `info` and, when it can be configured, `settings`: a frozen msgspec Struct with
    ``forbid_unknown_fields=True`` whose fields all have defaults. The host decodes ``Plugin.spec.config`` into
    it and passes it as the only argument of the constructor, which must not block, open or start anything.
    """

    info: ClassVar[PluginInfo]
    settings: ClassVar[type[msgspec.Struct]] = NoSettings
