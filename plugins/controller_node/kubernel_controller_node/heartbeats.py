"""Since when is a node silent?

A heartbeat is a *change*: of the Lease's ``renewTime`` or of the status's heartbeat times. When it was is told by our
own clock, never by the time written in it, so clocks of machines may differ. A node that we see for the first time
counts as alive at that moment: a controller that restarts takes no node for silent that it has not waited for. And
while we ourselves hear nothing from the API server nobody is silent; when it is back, everyone has the whole grace
again.
"""

import time
from collections.abc import Callable
from datetime import datetime

__all__ = ["Heartbeats", "Pulse"]

Pulse = tuple[str, datetime | None]
"""Where a heartbeat came from (``lease`` or ``status``) and the time that it names, which only serves to see a change.
"""


class Heartbeats:
    """The last heartbeat of every node, in monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pulses: dict[str, dict[str, datetime | None]] = {}
        self._last_s: dict[str, float] = {}
        self._hears = True

    def observe(self, node: str, pulse: Pulse) -> bool:
        """Note what was seen of a node; returns whether it was a heartbeat (the first sight counts as one)."""
        source, named = pulse
        pulses = self._pulses.setdefault(node, {})
        is_beat = source not in pulses or pulses[source] != named
        pulses[source] = named
        if is_beat:
            self.beat(node)
        return is_beat

    def beat(self, node: str) -> None:
        """The node spoke: it corrected what we had written about it."""
        self._last_s[node] = self._clock()

    def silence_s(self, node: str) -> float:
        """Return how long the node has been silent; 0 for one never seen, and while we hear nobody."""
        now_s = self._clock()
        return now_s - self._last_s.get(node, now_s) if self._hears else 0.0

    def hear(self, hears: bool) -> None:
        """Note that we lost the API server, or that we hear it again."""
        if hears and not self._hears:
            now_s = self._clock()
            self._last_s = dict.fromkeys(self._last_s, now_s)
        self._hears = hears

    def forget(self, node: str) -> None:
        """The node is gone."""
        self._pulses.pop(node, None)
        self._last_s.pop(node, None)
