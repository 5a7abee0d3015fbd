"""Making a pod's volumes: emptyDir, configMap, secret, downwardAPI-free projected sources, hostPath.

Each volume is a directory below ``pods/<uid>/volumes/``, but for hostPath, which is where it is. ConfigMaps and
Secrets are written when the first container starts; a later change of them reaches new pods only.
"""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path

from kubernel.objects.models import core

from kubernel_node_agent.environment import ConfigSource
from kubernel_node_agent.pods.reading import spec_of, uid_of

__all__ = ["VolumeFailed", "Volumes"]

_FILE_MODE = 0o644


class VolumeFailed(Exception):  # noqa: N818 - named after the condition
    """A volume cannot be made; the sentence says which and why. The pod waits."""


class Volumes:
    """Makes and removes the volumes of pods below one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def known(self) -> set[str]:
        """Return the uids of the pods that have volumes here."""
        return {entry.name for entry in self._directory.iterdir()} if self._directory.is_dir() else set()

    async def prepare(self, pod: core.Pod, config: ConfigSource) -> dict[str, Path]:
        """Make the pod's volumes, unless they are there; returns where each is, by name.

        Raises:
            VolumeFailed: One cannot be made.
            ConfigInvalid: A ConfigMap or Secret is missing.
        """
        places: dict[str, Path] = {}
        for volume in spec_of(pod).volumes or []:
            places[volume.name] = await self._prepare(volume, self._place(uid_of(pod), volume.name), config)
        return places

    async def remove(self, uid: str) -> None:
        """Remove everything that the pod's volumes hold here."""
        await asyncio.to_thread(shutil.rmtree, self._directory / uid, ignore_errors=True)

    def _place(self, uid: str, name: str) -> Path:
        return self._directory / uid / "volumes" / name

    async def _prepare(self, volume: core.Volume, place: Path, config: ConfigSource) -> Path:
        if volume.hostPath:
            return _host_path(volume.name, volume.hostPath)
        if volume.emptyDir is not None:
            return _empty_dir(place)
        if _is_made(place):
            return place
        files, mode = await _files(volume, config)
        _write_all(files, mode, place)
        return place


async def _files(volume: core.Volume, config: ConfigSource) -> tuple[dict[str, bytes], int]:
    if source := volume.configMap:
        data = await config.config_map(source.name or "", optional=bool(source.optional))
        return _selected(data or {}, source.items, volume.name), source.defaultMode or _FILE_MODE
    if secret := volume.secret:
        data = await config.secret(secret.secretName or "", optional=bool(secret.optional))
        return _selected(data or {}, secret.items, volume.name), secret.defaultMode or _FILE_MODE
    if projected := volume.projected:
        files: dict[str, bytes] = {}
        for part in projected.sources or []:
            files |= await _projected(part, volume.name, config)
        return files, projected.defaultMode or _FILE_MODE
    raise VolumeFailed(f'volume "{volume.name}": this node has no such kind of volume')


async def _projected(part: core.VolumeProjection, volume: str, config: ConfigSource) -> dict[str, bytes]:
    if source := part.configMap:
        data = await config.config_map(source.name or "", optional=bool(source.optional))
        return _selected(data or {}, source.items, volume)
    if secret := part.secret:
        data = await config.secret(secret.name or "", optional=bool(secret.optional))
        return _selected(data or {}, secret.items, volume)
    raise VolumeFailed(f'volume "{volume}": only ConfigMaps and Secrets can be projected on this node')


def _selected(data: Mapping[str, bytes], items: list[core.KeyToPath] | None, volume: str) -> dict[str, bytes]:
    if items is None:
        return dict(data)
    missing = [item.key for item in items if item.key not in data]
    if missing:
        raise VolumeFailed(f'volume "{volume}": references non-existent config key: {missing[0]}')
    return {item.path: data[item.key] for item in items}


def _write_all(files: Mapping[str, bytes], mode: int, place: Path) -> None:
    """Write the files, all or none: the directory appears when it is complete."""
    fresh = place.with_name(f".{place.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
    fresh.rename(place)


def _is_made(place: Path) -> bool:
    return place.is_dir()


def _empty_dir(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    # Every user of the pod may write there, as in an emptyDir elsewhere; others cannot reach the place.
    place.chmod(0o777)
    return place


def _host_path(volume: str, source: core.HostPathVolumeSource) -> Path:
    path, kind = Path(source.path), source.type or ""
    if kind == "DirectoryOrCreate":
        path.mkdir(parents=True, exist_ok=True)
    elif kind == "FileOrCreate":
        path.touch()
    checks = {
        "Directory": path.is_dir,
        "File": path.is_file,
        "Socket": path.is_socket,
        "CharDevice": path.is_char_device,
        "BlockDevice": path.is_block_device,
    }
    if not checks.get(kind, path.exists)():
        raise VolumeFailed(f'volume "{volume}": hostPath type check failed: {path} is not a {kind or "path here"}')
    return path
