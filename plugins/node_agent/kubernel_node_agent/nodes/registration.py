"""The Node objects: made when missing, and kept up to date.

Only a node's labels, annotation and status are ours; everything else belongs to whoever wrote it.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from kubernel import __version__
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds.core.node import AGENT_ENDPOINT
from kubernel.objects.models import core, meta

from kubernel_node_agent.nodes.machine import Machine, Pressure, measure_pressure
from kubernel_node_agent.pods.reading import utc_now

__all__ = ["NodeFacts", "NodeRegistrar"]

_WRITES_AT_A_TIME = 32
_NOT_FOUND, _CONFLICT = 404, 409
_KUBERNETES = "v1.37.0"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What all nodes of this agent have in common.

    Attributes:
        machine: Where they are.
        runtime_version: Such as ``process://0.1.0``.
        amounts: What each offers, as quantities.
        address: Their address.
        endpoint: Where the agent answers, as a URL.
        data: A directory on the disk that matters.
    """

    machine: Machine
    runtime_version: str
    amounts: dict[str, str]
    address: str
    endpoint: str
    data: Path


class NodeRegistrar:
    """Writes the Node objects of one agent."""

    def __init__(self, client: Client, names: Iterable[str], facts: NodeFacts) -> None:
        self._client = client
        self._facts = facts
        self._names = tuple(names)
        self._slots = asyncio.Semaphore(_WRITES_AT_A_TIME)
        self._since: dict[tuple[str, str], datetime] = {}

    async def register(self) -> None:
        """Make the nodes that are missing, and bring all up to date.

        Raises:
            StatusError: The API server refused a node; the message names it.
        """
        async with asyncio.TaskGroup() as group:
            for name in self._names:
                group.create_task(self._register(name))

    def pressing(self) -> Pressure:
        """Return what is scarce on this machine now."""
        return measure_pressure(self._facts.data)

    async def report(self) -> None:
        """Write every node's status."""
        conditions = self._conditions()
        async with asyncio.TaskGroup() as group:
            for name in self._names:
                group.create_task(self._report(name, conditions))

    async def _register(self, name: str) -> None:
        async with self._slots:
            node = core.Node(
                apiVersion="v1",
                kind="Node",
                metadata=meta.ObjectMeta(name=name, labels=self._labels(name), annotations=self._annotations()),
                spec=core.NodeSpec(),
            )
            try:
                await self._client.create(node)
            except StatusError as error:
                if error.code != _CONFLICT:
                    raise
                ours = {"labels": self._labels(name), "annotations": self._annotations()}
                await self._client.patch(core.Node, name, {"metadata": ours})
        await self._report(name, self._conditions())

    async def _report(self, name: str, conditions: list[core.NodeCondition]) -> None:
        status = msgspec.to_builtins(self._status(name, conditions))
        async with self._slots:
            try:
                await self._client.patch(core.Node, name, {"status": status}, subresource="status")
            except StatusError as error:
                # Somebody deleted the node: as with the kubelet, it comes back when the agent starts again.
                if error.code != _NOT_FOUND:
                    raise

    def _labels(self, name: str) -> dict[str, Any]:
        system = {"os": "linux", "arch": self._facts.machine.architecture}
        return {
            "kubernetes.io/hostname": name,
            **{f"kubernetes.io/{key}": value for key, value in system.items()},
            **{f"beta.kubernetes.io/{key}": value for key, value in system.items()},
        }

    def _annotations(self) -> dict[str, Any]:
        return {AGENT_ENDPOINT: self._facts.endpoint}

    def _status(self, name: str, conditions: list[core.NodeCondition]) -> core.NodeStatus:
        facts, machine = self._facts, self._facts.machine
        return core.NodeStatus(
            addresses=[
                core.NodeAddress(type="InternalIP", address=facts.address),
                core.NodeAddress(type="Hostname", address=name),
            ],
            capacity=dict(facts.amounts),
            allocatable=dict(facts.amounts),
            conditions=conditions,
            nodeInfo=core.NodeSystemInfo(
                architecture=machine.architecture,
                bootID=machine.boot_id,
                containerRuntimeVersion=facts.runtime_version,
                kernelVersion=machine.kernel_version,
                kubeProxyVersion="",
                kubeletVersion=f"{_KUBERNETES}-kubernel.{__version__}",
                machineID=machine.machine_id,
                operatingSystem="linux",
                osImage=machine.os_image,
                systemUUID=machine.machine_id,
            ),
        )

    def _conditions(self) -> list[core.NodeCondition]:
        pressure = measure_pressure(self._facts.data)
        memory = ("KubeletHasSufficientMemory", "kubelet has sufficient memory available")
        disk = ("KubeletHasNoDiskPressure", "kubelet has no disk pressure")
        pids = ("KubeletHasSufficientPID", "kubelet has sufficient PID available")
        low_memory = ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
        low_disk = ("KubeletHasDiskPressure", "kubelet has disk pressure")
        low_pids = ("KubeletHasInsufficientPID", "kubelet has insufficient PID available")
        ready = ("KubeletReady", "kubelet is posting ready status")
        return [
            self._condition("MemoryPressure", pressure.memory, low_memory if pressure.memory else memory),
            self._condition("DiskPressure", pressure.disk, low_disk if pressure.disk else disk),
            self._condition("PIDPressure", pressure.pids, low_pids if pressure.pids else pids),
            self._condition("Ready", True, ready),
        ]

    def _condition(self, type: str, is_true: bool, words: tuple[str, str]) -> core.NodeCondition:  # noqa: A002
        now = utc_now().replace(microsecond=0)
        status = "True" if is_true else "False"
        # The other answer's moment goes, so that the next change gets a new one.
        self._since.pop((type, "False" if is_true else "True"), None)
        since = self._since.setdefault((type, status), now)
        return core.NodeCondition(
            type=type,
            status=status,
            reason=words[0],
            message=words[1],
            lastHeartbeatTime=now,
            lastTransitionTime=since,
        )
