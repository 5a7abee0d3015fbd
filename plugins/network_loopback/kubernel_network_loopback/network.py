"""The driver: the contract ``Network`` over the pool and the journal."""

import fcntl
import os
from ipaddress import IPv4Network
from pathlib import Path
from typing import ClassVar

import msgspec
from kubernel.plugin.contracts.network import AddressesExhausted, Attachment, Network
from kubernel.plugin.contracts.plugin import PluginInfo

from kubernel_network_loopback.journal import AllocationJournal
from kubernel_network_loopback.pool import AddressPool

__all__ = ["LoopbackNetwork", "LoopbackSettings"]


class LoopbackSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of the loopback network.

    Attributes:
        range: Where pods' addresses come from; must lie in 127.0.0.0/8, all of which Linux answers on.
        reserved: Ranges inside ``range`` that are not handed out. The default leaves the services' range alone.
    """

    range: str = "127.64.0.0/10"
    reserved: tuple[str, ...] = ("127.96.0.0/12",)


class LoopbackNetwork(Network):
    """Hands out addresses of 127.0.0.0/8, one a pod."""

    info: ClassVar[PluginInfo] = PluginInfo(
        name="loopback",
        summary="Each pod an address of its own in 127.64.0.0/10; one machine, no privilege.",
    )
    settings: ClassVar[type[msgspec.Struct]] = LoopbackSettings

    def __init__(self, settings: LoopbackSettings | None = None) -> None:
        chosen = settings or LoopbackSettings()
        inside = IPv4Network(chosen.range)
        if not inside.subnet_of(IPv4Network("127.0.0.0/8")):
            raise ValueError(f"range: {chosen.range} is not inside 127.0.0.0/8; the loopback network has no other")
        self._range = chosen.range
        self._pool = AddressPool(inside, [IPv4Network(net) for net in chosen.reserved])
        self._journal: AllocationJournal | None = None
        self._lock = -1

    async def start(self, data: Path) -> None:
        """Read who has which address.

        Raises:
            BlockingIOError: Another process has this directory open; two would hand out the same address.
        """
        self._lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._journal = AllocationJournal(data / "addresses")

    async def attach(self, pod_uid: str, *, namespace: str, name: str) -> Attachment:
        """Return the pod's address, choosing one when it has none."""
        journal = self._opened()
        address = journal.addresses.get(pod_uid)
        if address is None:
            # A new cluster begins somewhere on the ring: every cluster of this machine shares 127.0.0.0/8, and two
            # that began at its first address would hand out the same ones.
            address = self._pool.next_free(journal.last or self._pool.anywhere(), journal.taken)
            if address is None:
                raise AddressesExhausted(
                    f"no address for pod {namespace}/{name}: all of {self._range} are taken; configure a larger range"
                )
            journal.assign(pod_uid, address)
        return Attachment(ip=str(address), env={"POD_IP": str(address)})

    async def detach(self, pod_uid: str) -> None:
        """Take the pod's address back."""
        self._opened().release(pod_uid)

    async def attached(self) -> set[str]:
        """Return the uids of all pods that have an address."""
        return set(self._opened().addresses)

    async def stop(self) -> None:
        """Close the files; the addresses stay handed out."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _opened(self) -> AllocationJournal:
        if self._journal is None:
            raise RuntimeError("the loopback network is not started")
        return self._journal
