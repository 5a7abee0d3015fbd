"""What a watch begins with, a portion at a time: what is there, or what happened since a revision.

The client takes it at its own pace, so nothing is made before it is asked for. What is further back than the memory's
window is read from the log in portions too: an hour of changes may be half a million objects.
"""

from collections.abc import Awaitable, Callable, Sequence

from kubernel.watch.channel import Channel, Interest
from kubernel.watch.record import ChangeEvent

__all__ = ["AT_ONCE", "Beginning", "Replay"]

AT_ONCE = 200
"""Events between two turns of the event loop; as many rows of a table take some 10 ms."""

Replay = Callable[[], Awaitable[Sequence[ChangeEvent]]]
"""Reads the next events from the log, oldest first; empty at their end.

Raises:
    Compacted: The log has forgotten them meanwhile.
"""


class Beginning:
    """The events that come before all that are pushed, selected and encoded.

    Args:
        interest: The selection and its wire form.
        events: The events in memory.
        replay: Where those before them come from; ``None`` without any.
    """

    __slots__ = ("_channel", "_events", "_replay", "_replayed", "_start")

    def __init__(self, interest: Interest, events: Sequence[ChangeEvent], replay: Replay | None = None) -> None:
        self._channel = Channel(interest)
        self._events = events
        self._start = 0
        self._replay = replay
        self._replayed: Sequence[ChangeEvent] = ()

    async def portion(self) -> bytes | None:
        """Return the next lines, which may be none; ``None`` at the end.

        Raises:
            Compacted: The log forgot what comes next before the client had taken what comes before it.
        """
        if self._replay is not None:
            events, self._replayed = self._replayed[:AT_ONCE], self._replayed[AT_ONCE:]
            if events:
                return self._encoded(events)
            self._replayed = await self._replay()
            if not self._replayed:
                self._replay = None
            return b""
        events = self._events[self._start : self._start + AT_ONCE]
        self._start += AT_ONCE
        if events:
            return self._encoded(events)
        self._events = ()  # the watch may go on for an hour
        return None

    def _encoded(self, events: Sequence[ChangeEvent]) -> bytes:
        return b"".join(self._channel.encode(events))
