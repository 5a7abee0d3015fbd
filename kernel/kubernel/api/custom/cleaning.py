"""Removing every object of a definition that goes."""

import asyncio

from kubernel.api.custom.definitions import Definitions
from kubernel.objects import codec
from kubernel.objects.clock import now
from kubernel.objects.deletion import DeleteOptions, is_finished, mark
from kubernel.objects.models import meta_of
from kubernel.objects.registry import AnyKind
from kubernel.store import GroupCommit, Write, key_of
from kubernel.watch import Cache, Record

__all__ = ["Cleaning"]

ACTOR = "system:apiserver"
BATCH = 500
"""Objects that are removed in one step; requests are served between two of them."""


class Cleaning:
    """Deletes the objects of definitions, as a client that deletes the collection would."""

    def __init__(self, cache: Cache, commit: GroupCommit, definitions: Definitions) -> None:
        self._cache = cache
        self._commit = commit
        self._definitions = definitions

    async def clean(self, name: str) -> bool:
        """Delete every object of a definition; those with finalizers stay until somebody removes these.

        Returns:
            Whether nothing is left.
        """
        kinds = self._definitions.kinds(name)
        if not kinds:
            return True
        kind, collection = kinds[0].stored_as, self._cache.collection(kinds[0])
        unmarked = [r for r in collection.all() if meta_of(r.decode()).deletionTimestamp is None]
        for start in range(0, len(unmarked), BATCH):
            await asyncio.gather(*(self._delete(kind, record) for record in unmarked[start : start + BATCH]))
        return len(collection) == 0

    async def _delete(self, kind: AnyKind, record: Record) -> None:
        obj = record.decode()
        mark(kind, obj, DeleteOptions(), now())
        meta_of(obj).resourceVersion = None
        head_length = len(codec.head(kind.api_version, kind.name))
        key = key_of(kind.resource, record.namespace, record.name)
        body, is_gone = codec.encode(obj), is_finished(kind, obj)
        await self._commit.write(Write(key, record.revision, body, head_length, is_gone, ACTOR, record.owners))
