"""From what the agent wants (`ContainerSpec`) and what the image says to what the shim does (`Launch`)."""

from kubernel.plugin.contracts.runtime import ContainerSpec, SandboxSpec

from kubernel_runtime_process.images import Image
from kubernel_runtime_process.shim.isolation import Isolation, Level
from kubernel_runtime_process.shim.messages import Launch, LaunchMount

__all__ = ["launch_of", "problem_with"]


def problem_with(spec: ContainerSpec, image: Image, isolation: Isolation) -> str:
    """Return why this container cannot be run here, or nothing."""
    if isolation.level is not Level.PLAIN:
        return ""
    why_plain = f" ({isolation.reason})" if isolation.reason else ""
    if image.root is not None:
        return f'image "{spec.image}" needs a mount namespace, which is not permitted here{why_plain}'
    for mount in spec.mounts:
        if str(mount.source) != mount.target:
            return f"a volume at {mount.target} needs a mount namespace, which is not permitted here{why_plain}"
    return ""


def launch_of(container_id: str, spec: ContainerSpec, image: Image, sandbox: SandboxSpec, level: Level) -> Launch:
    """Resolve a container.

    A ``command`` replaces the image's entry point and its arguments, ``args`` only the arguments (Kubernetes'
    table in "Define a Command and Arguments for a Container").
    """
    arguments = spec.args or (() if spec.command else image.cmd)
    argv = (spec.command or image.entrypoint) + arguments
    env = image.env | {"HOSTNAME": sandbox.hostname} | sandbox.attachment.env | spec.env
    return Launch(
        container=container_id,
        argv=argv or ("/bin/sh",),
        env=env,
        working_dir=spec.working_dir or image.working_dir,
        user=spec.run_as_user,
        root=str(image.root) if image.root else "",
        mounts=tuple(LaunchMount(str(mount.source), mount.target, mount.read_only) for mount in spec.mounts),
        drop_capabilities=level is Level.NAMESPACES,
    )
