"""Which addresses may be handed out, and in which order.

Addresses are dealt round and round, not lowest first: a released address rests as long as possible, because a
client may still hold it.
"""

import random
from collections.abc import Container, Iterable
from ipaddress import IPv4Address, IPv4Network

__all__ = ["AddressPool"]

_LAST_BYTES_LEFT_OUT = frozenset({0, 255})
"""Old software takes .0 and .255 for a network's own and its broadcast address."""


class AddressPool:
    """The usable addresses of one range, seen as a ring."""

    def __init__(self, inside: IPv4Network, outside: Iterable[IPv4Network] = ()) -> None:
        self._first = int(inside.network_address)
        self._size = inside.num_addresses
        self._outside = tuple(
            sorted((int(net.network_address), int(net.broadcast_address)) for net in outside if net.overlaps(inside))
        )

    def anywhere(self) -> IPv4Address:
        """Return a random place on the ring."""
        return IPv4Address(self._first + random.randrange(self._size))

    def next_free(self, after: IPv4Address | None, taken: Container[IPv4Address]) -> IPv4Address | None:
        """Return the first usable address behind ``after`` that is not taken, going round once.

        Args:
            after: The address dealt last; ``None`` starts at the beginning of the range.
            taken: The addresses in use.

        Returns:
            The address, or ``None`` when every usable one is taken.
        """
        start = 0 if after is None else (int(after) - self._first + 1) % self._size
        step = 0
        while step < self._size:
            number = self._first + (start + step) % self._size
            if beyond := self._end_of_hole(number):
                step += beyond - number + 1
                continue
            address = IPv4Address(number)
            if number & 0xFF not in _LAST_BYTES_LEFT_OUT and address not in taken:
                return address
            step += 1
        return None

    def _end_of_hole(self, number: int) -> int | None:
        for low, high in self._outside:
            if low <= number <= high:
                return high
        return None
