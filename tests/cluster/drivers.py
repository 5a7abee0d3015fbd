"""Drivers that do as a test wants: the source of a module, put on a shelf."""

__all__ = ["ACTOR", "CRASHES", "DEAF", "ENDS", "HANGS", "NEVER_READY", "SERVES", "actor"]

ACTOR = """
import asyncio, os, signal, time
import msgspec
from kubernel.plugin.contracts import Controller, PluginInfo


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str = ""


class Driver(Controller):
    info = PluginInfo("{name}", "Does as a test wants.")
    settings = Settings

    def __init__(self, settings):
        self.settings_ = settings

    async def run(self, context):
        {body}
"""

SERVES = 'context.log.info("word %s", self.settings_.word); context.ready(); await context.stopping.wait()'
CRASHES = 'context.ready(); raise RuntimeError("boom")'
ENDS = "context.ready()"
NEVER_READY = "await context.stopping.wait()"
HANGS = "context.ready(); time.sleep(3600)"
DEAF = "context.ready(); await asyncio.sleep(3600)"


def actor(name: str, body: str) -> str:
    """Return a module with a controller of this name whose ``run`` is this line."""
    return ACTOR.format(name=name, body=body)
