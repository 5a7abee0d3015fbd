"""Sources of volumes that Kubernetes has given up."""

from collections.abc import Iterable

from kubernel.objects.models import core

__all__ = ["STORAGE_CLASS_WARNING", "source_warnings", "volume_warnings"]

STORAGE_CLASS_WARNING = (
    "metadata.annotations[volume.beta.kubernetes.io/storage-class]: "
    'deprecated since v1.8; use "storageClassName" attribute instead'
)
_GONE = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}


def source_warnings(source: core.Volume | core.PersistentVolumeSpec, path: str) -> Iterable[str]:
    """Warn of what a volume is of, when that is given up."""
    for name, why in _GONE.items():
        if getattr(source, name, None) is not None:
            yield f"{path}.{'storageOS' if name == 'storageos' else name}: {why}"


def volume_warnings(volumes: list[core.Volume], path: str) -> Iterable[str]:
    """Warn of the volumes of a pod."""
    for i, volume in enumerate(volumes):
        yield from source_warnings(volume, f"{path}[{i}]")
