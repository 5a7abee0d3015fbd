"""What the SDK's tests share: a real API server, and virtual time.

In virtual time the loop's clock jumps to the next timer, so that an hour of back-off takes no time.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from kubernel.testing.fixtures import api_server, client

__all__ = ["api_server", "client", "in_virtual_time"]


class _JumpingSelector(selectors.SelectSelector):
    """Never waits: what would have been waiting moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is scheduled any more: the test waits for ever")
        self.now_s += max(timeout, 0.0)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop without input or output whose time is virtual."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s


def _run(scenario: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(scenario)


@pytest.fixture
def in_virtual_time() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run a scenario in virtual time."""
    return _run
