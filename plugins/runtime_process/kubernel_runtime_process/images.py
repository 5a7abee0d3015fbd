"""The local image store: which name means which root and which defaults.

An image is a directory ``<store>/<name>/`` with a ``rootfs`` and, if wanted, an ``image.json``::

    {"entrypoint": ["python3"], "cmd": ["-m", "http.server"], "env": {"LANG": "C.UTF-8"}, "workdir": "/srv"}

``/`` in a name makes directories, and ``:tag`` is part of the last one's name; a name without a tag is also
looked up as ``name:latest``. The image ``host`` is built in: the machine's own root.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec
from kubernel.plugin.contracts.runtime import ImageUnavailable

__all__ = ["HOST", "Image", "ImageStore"]

HOST = "host"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class _ImageFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: dict[str, str] = {}
    workdir: str = "/"


@dataclass(frozen=True, slots=True)
class Image:
    """A present image.

    Attributes:
        name, id: What it was asked as, and what it is.
        root: Its root directory; ``None`` is the machine's own.
        entrypoint, cmd, env, working_dir: The defaults of its containers.
    """

    name: str
    id: str
    root: Path | None
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    working_dir: str = "/"


class ImageStore:
    """Finds images below one directory, which need not be there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def find(self, name: str) -> Image:
        """Return the image.

        Raises:
            ImageUnavailable: It is not in the store, or broken.
        """
        if name in (HOST, f"{HOST}:latest"):
            return Image(name, "process://host", None, env={"PATH": _PATH, "HOME": "/tmp"})  # noqa: S108 - its own
        for candidate in (name, f"{name}:latest"):
            place = PurePosixPath(candidate)
            if candidate and not place.is_absolute() and ".." not in place.parts:
                root = self._directory / place / "rootfs"
                if root.is_dir():
                    return self._load(name, root)
        raise ImageUnavailable(
            f'image "{name}" is not in the local image store {self._directory}; '
            f'the process runtime pulls nothing: put its root there, or use the built-in image "{HOST}"'
        )

    def _load(self, name: str, root: Path) -> Image:
        config_path = root.with_name("image.json")
        raw = config_path.read_bytes() if config_path.exists() else b"{}"
        try:
            config = msgspec.json.decode(raw, type=_ImageFile)
        except msgspec.DecodeError as error:
            raise ImageUnavailable(f'image "{name}" is broken: {config_path}: {error}') from error
        digest = hashlib.sha256(f"{root}\0".encode() + raw).hexdigest()
        return Image(
            name=name,
            id=f"sha256:{digest}",
            root=root,
            entrypoint=config.entrypoint,
            cmd=config.cmd,
            env={"PATH": _PATH} | config.env,
            working_dir=config.workdir,
        )
