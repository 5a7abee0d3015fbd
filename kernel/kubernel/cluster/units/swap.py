"""The live swap: from the host that serves to a new one, so that a failure leaves the old one in service."""

import logging

from kubernel.cluster.units.host import Host, HostFailed
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import Plan

__all__ = ["SwapFailed", "swap"]

_log = logging.getLogger("supervisor")


class SwapFailed(Exception):  # noqa: N818 - named after the condition
    """The new host does not serve.

    Attributes:
        reason: Why, in a sentence.
        host: The host that serves now, on the old plan; ``None`` when even that could not be started again.
        is_harmless: Whether the old host never noticed, so that trying again costs nobody anything.
    """

    def __init__(self, reason: str, host: Host | None, *, is_harmless: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.host = host
        self.is_harmless = is_harmless


async def swap(old: Host, plan: Plan, launcher: Launcher) -> Host:
    """Put a new host in the place of the old one and return it.

    Where the role permits, the new one is ready before the old one stops. Where it does not (two agents cannot hold
    one socket), the old one stops first and is started again when the new one fails; its pods run on meanwhile.

    Raises:
        SwapFailed: The new host could not be made ready.
    """
    try:
        await launcher.install(plan)
        await launcher.rehearse(plan)
    except HostFailed as error:
        raise SwapFailed(str(error), old, is_harmless=True) from error
    if not plan.side_by_side:
        return await _one_after_the_other(old, plan, launcher)
    try:
        new = await launcher.start(plan)
    except HostFailed as error:
        raise SwapFailed(str(error), old, is_harmless=True) from error
    await old.stop()
    return new


async def _one_after_the_other(old: Host, plan: Plan, launcher: Launcher) -> Host:
    await old.stop()
    try:
        return await launcher.start(plan)
    except HostFailed as error:
        try:
            restored = await launcher.start(old.plan)
        except HostFailed as second:
            _log.error("%s: %s cannot be started again: %s", plan.spec.component, old.plan.title, second)
            raise SwapFailed(str(error), None, is_harmless=False) from error
        raise SwapFailed(str(error), restored, is_harmless=False) from error
