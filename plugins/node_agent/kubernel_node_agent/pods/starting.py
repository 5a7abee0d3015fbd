"""Starting a pod's sandbox and its containers, with everything that they need, and saying so in events.

A failure becomes a `Trouble` in the pod's memory, with a moment for the next try; only failures of the API are raised.
"""

import time
from datetime import timedelta

from kubernel.objects.models import core, meta_of
from kubernel.objects.quantity import bytes_of, millicores
from kubernel.plugin.contracts.network import AddressesExhausted, Attachment
from kubernel.plugin.contracts.runtime import (
    ContainerNotFound,
    ContainerSpec,
    ImageUnavailable,
    RuntimeUnavailable,
    SandboxSpec,
    StartFailed,
)

from kubernel_node_agent.environment import ConfigInvalid, ConfigSource, resolve_environment
from kubernel_node_agent.environment.downward import PodFacts
from kubernel_node_agent.pods.deciding import Start
from kubernel_node_agent.pods.memory import PodMemory, Trouble
from kubernel_node_agent.pods.reading import full_name, spec_of, uid_of, utc_now
from kubernel_node_agent.pods.surroundings import Workplace
from kubernel_node_agent.volumes import VolumeFailed, mounts_of

__all__ = ["Starter"]

_HOSTNAME_MAX = 63
_SANDBOX_RETRY_S = 5.0


class Starter:
    """Starts what a plan says is to be started."""

    def __init__(self, workplace: Workplace) -> None:
        self._at = workplace

    async def start_sandbox(self, pod: core.Pod, memory: PodMemory) -> bool:
        """Make the pod's surroundings; returns whether they are there."""
        try:
            attachment = await self._attach(pod)
            memory.ip = attachment.ip
            await self._at.runtime.run_sandbox(_sandbox_spec(pod, attachment))
        except (AddressesExhausted, RuntimeUnavailable) as error:
            retry_s = error.retry_after_s if isinstance(error, RuntimeUnavailable) else _SANDBOX_RETRY_S
            before = memory.sandbox_trouble.failures if memory.sandbox_trouble else 0
            now = utc_now()
            retry_at = now + timedelta(seconds=max(retry_s, _SANDBOX_RETRY_S))
            memory.sandbox_trouble = Trouble("FailedCreatePodSandBox", str(error), before + 1, now, retry_at)
            self._at.tell(pod, "", "Warning", "FailedCreatePodSandBox", f"Failed to create pod sandbox: {error}")
            return False
        memory.sandbox_trouble = None
        return True

    async def start_container(self, pod: core.Pod, start: Start, memory: PodMemory) -> None:
        """Start one attempt of a container."""
        name = start.container.name
        if not await self._pull(pod, start.container, memory):
            return
        try:
            spec = await self._container_spec(pod, start, memory)
        except ConfigInvalid as error:
            self._note(pod, name, "CreateContainerConfigError", str(error), memory)
            self._at.tell(pod, name, "Warning", "Failed", f"Error: {error}")
            return
        except (VolumeFailed, OSError) as error:
            self._note(pod, name, "ContainerCreating", str(error), memory)
            self._at.tell(pod, "", "Warning", "FailedMount", f"MountVolume.SetUp failed: {error}")
            return
        memory.troubles.pop(name, None)
        self._at.tell(pod, name, "Normal", "Created", f"Created container: {name}")
        try:
            await self._at.runtime.start_container(uid_of(pod), spec)
        except StartFailed as error:
            self._at.tell(pod, name, "Warning", "Failed", f"Error: failed to start container {name}: {error}")
        except (RuntimeUnavailable, ContainerNotFound, ImageUnavailable) as error:
            # The sandbox died under our hands, or the image did; the next look sees which.
            self._note(pod, name, "RunContainerError", str(error), memory)
        else:
            self._at.tell(pod, name, "Normal", "Started", f"Started container {name}")

    async def _attach(self, pod: core.Pod) -> Attachment:
        if spec_of(pod).hostNetwork:
            return Attachment(self._at.host_ip, env={"POD_IP": self._at.host_ip})
        about = meta_of(pod)
        return await self._at.network.attach(uid_of(pod), namespace=about.namespace or "", name=about.name or "")

    async def _pull(self, pod: core.Pod, container: core.Container, memory: PodMemory) -> bool:
        name, image = container.name, container.image or ""
        trouble = memory.troubles.get(name)
        is_always = container.imagePullPolicy == "Always"
        started_s = time.perf_counter()
        try:
            await self._at.runtime.pull_image(image)
        except (ImageUnavailable, RuntimeUnavailable) as error:
            if container.imagePullPolicy == "Never":
                why = f'Container image "{image}" is not present with pull policy of Never'
                self._note(pod, name, "ErrImageNeverPull", why, memory)
                self._at.tell(pod, name, "Warning", "ErrImageNeverPull", why)
                return False
            self._at.tell(pod, name, "Normal", "Pulling", f'Pulling image "{image}"')
            self._at.tell(pod, name, "Warning", "Failed", f'Failed to pull image "{image}": {error}')
            self._at.tell(pod, name, "Warning", "Failed", "Error: ErrImagePull")
            self._note(pod, name, "ErrImagePull", str(error), memory)
            return False
        took_ms = (time.perf_counter() - started_s) * 1000
        if is_always or (trouble is not None and trouble.reason == "ImagePullBackOff"):
            self._at.tell(pod, name, "Normal", "Pulling", f'Pulling image "{image}"')
            self._at.tell(pod, name, "Normal", "Pulled", f'Successfully pulled image "{image}" in {took_ms:.0f}ms')
        else:
            present = f'Container image "{image}" already present on machine'
            self._at.tell(pod, name, "Normal", "Pulled", present)
        return True

    async def _container_spec(self, pod: core.Pod, start: Start, memory: PodMemory) -> ContainerSpec:
        container, namespace = start.container, meta_of(pod).namespace or ""
        if not self._at.has_containers:
            return ContainerSpec(container.name, start.attempt, container.image or "")
        config = ConfigSource(self._at.client, namespace)
        facts = PodFacts(pod, memory.ip, self._at.host_ip, self._at.allocatable)
        environment = await resolve_environment(container, facts, self._at.services(namespace), config)
        places = await self._at.volumes.prepare(pod, config)
        read_only = frozenset(
            volume.name for volume in spec_of(pod).volumes or [] if volume.emptyDir is None and not volume.hostPath
        )
        limits = (container.resources.limits if container.resources else None) or {}
        return ContainerSpec(
            name=container.name,
            attempt=start.attempt,
            image=container.image or "",
            command=environment.command,
            args=environment.args,
            env=environment.variables,
            working_dir=container.workingDir or "",
            cpu_millicores=millicores(limits["cpu"]) if "cpu" in limits else None,
            memory_bytes=bytes_of(limits["memory"]) if "memory" in limits else None,
            run_as_user=_user(pod, container),
            mounts=mounts_of(container, places, environment.variables, read_only),
        )

    def _note(self, pod: core.Pod, name: str, reason: str, message: str, memory: PodMemory) -> None:
        trouble = memory.note_trouble(name, reason, message, utc_now(), self._at.settings)
        self._at.log.info("%s: container %s: %s: %s (try %d)", full_name(pod), name, reason, message, trouble.failures)


def _sandbox_spec(pod: core.Pod, attachment: Attachment) -> SandboxSpec:
    about, spec = meta_of(pod), spec_of(pod)
    return SandboxSpec(
        uid=uid_of(pod),
        namespace=about.namespace or "",
        name=about.name or "",
        node=spec.nodeName or "",
        hostname=(spec.hostname or about.name or "")[:_HOSTNAME_MAX].rstrip("-."),
        attachment=attachment,
        labels=dict(about.labels or {}),
        annotations=dict(about.annotations or {}),
    )


def _user(pod: core.Pod, container: core.Container) -> int | None:
    own, shared = container.securityContext, spec_of(pod).securityContext
    if own is not None and own.runAsUser is not None:
        return own.runAsUser
    return shared.runAsUser if shared is not None else None
