"""Role ``network`` (exclusive, entry-point group ``kubernel.network``): an address for every pod.

The agent asks for an attachment when it makes a pod's sandbox and gives it back when the sandbox goes.
"""

from abc import abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from kubernel.plugin.contracts.plugin import Plugin

__all__ = ["AddressesExhausted", "Attachment", "Network"]


class AddressesExhausted(Exception):  # noqa: N818 - named after the condition, as the API's reasons are
    """The range has no free address; release pods or configure a larger range."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A pod's place in the network.

    Attributes:
        ip: The pod's address, reachable from every other pod and from the nodes.
        netns: The path of the network namespace to run in; ``None`` means the machine's own.
        env: Variables that every container of the pod gets.
    """

    ip: str
    netns: str | None = None
    env: dict[str, str] = field(default_factory=dict)


class Network(Plugin):
    """Hands out attachments. Every call is safe to repeat: the caller may have died meanwhile."""

    api_version: ClassVar[int] = 1

    @abstractmethod
    async def start(self, data: Path) -> None:
        """Open what ``attach`` needs; ``data`` is a directory of its own that survives restarts."""

    @abstractmethod
    async def attach(self, pod_uid: str, *, namespace: str, name: str) -> Attachment:
        """Return the pod's attachment, making it when there is none; the same uid gets the same answer.

        Raises:
            AddressesExhausted: No address is free; the pod waits and the agent asks again.
        """

    @abstractmethod
    async def detach(self, pod_uid: str) -> None:
        """Give the attachment back; nothing happens when there is none."""

    @abstractmethod
    async def attached(self) -> set[str]:
        """Return the uids of all pods that have an attachment, for the agent's clean-up after a crash."""

    async def stop(self) -> None:
        """Close what ``start`` opened; attachments stay."""
