"""From a container's ``volumeMounts`` to the runtime's `Mount`s."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import Mount

from kubernel_node_agent.environment.expansion import expand
from kubernel_node_agent.volumes.preparing import VolumeFailed

__all__ = ["mounts_of"]


def mounts_of(
    container: core.Container, places: Mapping[str, Path], variables: Mapping[str, str], read_only: frozenset[str]
) -> tuple[Mount, ...]:
    """Return the container's mounts.

    Args:
        container: Whose.
        places: Where each volume of the pod is.
        variables: For ``subPathExpr``.
        read_only: The volumes that nobody may write to.

    Raises:
        VolumeFailed: A sub-path leads out of its volume.
    """
    return tuple(_mount(mount, places, variables, read_only) for mount in container.volumeMounts or [])


def _mount(
    mount: core.VolumeMount, places: Mapping[str, Path], variables: Mapping[str, str], read_only: frozenset[str]
) -> Mount:
    source = places[mount.name]
    sub_path = expand(mount.subPathExpr, variables) if mount.subPathExpr else mount.subPath
    if sub_path:
        if ".." in PurePosixPath(sub_path).parts or PurePosixPath(sub_path).is_absolute():
            raise VolumeFailed(f'volume "{mount.name}": sub-path {sub_path} leads out of it')
        inside = source / sub_path
        if not inside.exists():
            inside.mkdir(parents=True)
        if not inside.resolve().is_relative_to(source.resolve()):
            raise VolumeFailed(f'volume "{mount.name}": sub-path {sub_path} leads out of it')
        source = inside
    return Mount(source, mount.mountPath, read_only=bool(mount.readOnly) or mount.name in read_only)
