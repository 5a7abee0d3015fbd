"""Which loop drives a driver: its own when it is an actor, the kernel's when it only decides."""

from collections.abc import Awaitable, Callable

from kubernel.plugin.contracts import Actor, ActorContext, Plugin, Proxy, Scheduler

__all__ = ["Run", "loop_of"]

Run = Callable[[ActorContext], Awaitable[None]]


def loop_of(driver: Plugin) -> Run:
    """Return what the host runs for this driver; it has the meaning of `Actor.run`.

    Raises:
        TypeError: The driver's role has no process of its own (a runtime lives in the agent's).
    """
    if isinstance(driver, Actor):
        return driver.run
    if isinstance(driver, Scheduler):
        # Imported here because a host is one role's process: the others' loops would only cost memory.
        from kubernel.host.scheduling import SchedulingLoop  # noqa: PLC0415

        return SchedulingLoop(driver).run
    if isinstance(driver, Proxy):
        from kubernel.host.proxying import ProxyLoop  # noqa: PLC0415 - as above

        return ProxyLoop(driver).run
    raise TypeError(f"{type(driver).__name__} has no process of its own")
