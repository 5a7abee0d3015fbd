"""The documents as clients get them: made when first asked for, kept on disk, addressed by a hash of what they say.

Making one takes up to half a second of processor time for all kinds together, so it happens in a thread, once: later
starts of the server find it in the data directory. A document's name there is the digest of everything that it is made
of, so a new kind, a changed schema or a new release never meets an old document, and nothing needs to be invalidated.
"""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from kubernel import __version__
from kubernel.api.aggregation.remotes import Remotes
from kubernel.api.openapi.operations import is_typed
from kubernel.api.subresources.table import subresources_of
from kubernel.objects import codec, published
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind, Registry

__all__ = ["OpenAPI"]

_KEPT = 64
"""Documents kept on disk; a custom kind whose schema changes often leaves old ones behind."""


class OpenAPI:
    """Answers with documents by group version, and with the one of everything.

    Args:
        registry: The kinds that are served now.
        remotes: The group versions that others serve; their documents are theirs, the index names them.
        folder: Where documents are kept; made when first needed.
    """

    def __init__(self, registry: Registry, remotes: Remotes, folder: Path) -> None:
        self._registry = registry
        self._remotes = remotes
        self._folder = folder
        self._making: dict[str, asyncio.Task[bytes]] = {}

    def index(self) -> bytes:
        """Return the index of v3: a path and a hash a document."""
        digests: dict[str, str | None] = {}
        for group, version in {(kind.group, kind.version) for kind in self._registry}:
            digests[f"apis/{group}/{version}" if group else f"api/{version}"] = self.digest(group, version)
        for remote in self._remotes:
            digests[remote.path.removeprefix("/")] = remote.document_hash
        paths: Plain = {
            path: {"serverRelativeURL": f"/openapi/v3/{path}{f'?hash={quote(digest)}' if digest else ''}"}
            for path, digest in sorted(digests.items())
            if digest is not None
        }
        return codec.encode_plain({"paths": paths})

    def digest(self, group: str, version: str) -> str | None:
        """Return the hash of one group version's document; ``None`` when it is not served."""
        kinds = self._kinds(group, version)
        return _digest(kinds) if kinds else None

    @property
    def digest_of_all(self) -> str:
        """The hash of the document of everything."""
        return _digest(list(self._registry))

    async def v3(self, group: str, version: str) -> bytes | None:
        """Return the document of one group version; ``None`` when it is not served."""
        kinds = self._kinds(group, version)
        if not kinds:
            return None

        def make() -> bytes:
            from kubernel.api.openapi.v3 import document  # noqa: PLC0415 - only who makes a document needs it

            return codec.encode_plain(document(kinds))

        return await self._document(f"v3-{_digest(kinds)}.json", make)

    async def v2(self, *, as_protobuf: bool) -> bytes:
        """Return the document of everything, in JSON or in protobuf."""
        kinds = list(self._registry)

        def make() -> bytes:
            from kubernel.api.openapi.gnostic import encode  # noqa: PLC0415 - likewise
            from kubernel.api.openapi.v2 import document  # noqa: PLC0415 - likewise

            made = document(kinds)
            return encode(made) if as_protobuf else codec.encode_plain(made)

        return await self._document(f"v2-{_digest(kinds)}.{'pb' if as_protobuf else 'json'}", make)

    def _kinds(self, group: str, version: str) -> list[AnyKind]:
        return [kind for kind in self._registry if (kind.group, kind.version) == (group, version)]

    async def _document(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a kept document, or make it; whoever asks meanwhile waits for the same one."""
        path = self._folder / name
        with contextlib.suppress(OSError):
            return path.read_bytes()
        task = self._making.get(name)
        if task is None:
            task = asyncio.get_running_loop().create_task(asyncio.to_thread(_made, path, make), name="openapi")
            self._making[name] = task
            task.add_done_callback(lambda _: self._making.pop(name))
        return await asyncio.shield(task)  # a client that hangs up does not spoil it for the others


def _made(path: Path, make: Callable[[], bytes]) -> bytes:
    made = make()
    with contextlib.suppress(OSError):  # a full disk costs time at the next request, nothing else
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(made)
        fresh.replace(path)
        _forget_old(path.parent)
    return made


def _forget_old(folder: Path) -> None:
    for path in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)[_KEPT:]:
        path.unlink(missing_ok=True)


@cache
def _code_digest() -> bytes:
    """Digest of what documents are made with: this room and the published facts."""
    digest = hashlib.sha256(__version__.encode())
    for folder, pattern in ((Path(__file__).parent, "*.py"), (Path(published.__file__).parent, "types.json")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.digest()


def _digest(kinds: Sequence[AnyKind]) -> str:
    digest = hashlib.sha256(_code_digest())
    for kind in kinds:
        said = [kind.api_version, kind.name, kind.plural, kind.namespaced, kind.verbs, list(subresources_of(kind))]
        said.append(None if is_typed(kind) else kind.schema)
        digest.update(codec.encode_plain(said))
    return digest.hexdigest()[:32].upper()
