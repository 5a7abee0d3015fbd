"""What becomes of an object whose owners changed: nothing, its deletion, or the loss of a reference.

The rules are those of Kubernetes' garbage collector. An owner is *solid* while it exists, *gone* when it does not (or
is another object of that name), and *waiting* while it is deleted in the foreground. A dependent with a solid owner
loses its references to the others; one without is deleted. The graph says whom to look at; before anything is deleted
the server is asked how things are, because a watch that lags would cost living objects.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable

import msgspec
from kubernel.client import Client, PartialObject, PatchType, Unreachable, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, meta

from kubernel_controller_garbage.graph import FOREGROUND, ORPHAN, Graph, Item, Owner, owners_of
from kubernel_controller_garbage.monitors import Monitors

__all__ = ["Collector", "UnknownOwner"]

NOT_FOUND = 404
REMEMBERED_GONE = 500
"""As in Kubernetes: the herd of one owner's dependents asks once."""

_DECODER = msgspec.json.Decoder(PartialObject)


class UnknownOwner(Exception):  # noqa: N818 - named after the condition
    """An owner is of a kind that the server does not serve (now); look again later, delete nothing."""


class Collector:
    """Decides over single objects; every method may be repeated.

    Args:
        client: The API.
        graph: What is known.
        monitors: Which kinds are served.
        look_at: Asks for a look at another object, by uid.
        log: For what cannot be decided.
    """

    def __init__(
        self, client: Client, graph: Graph, monitors: Monitors, look_at: Callable[[str], None], log: logging.Logger
    ) -> None:
        self._client = client
        self._graph = graph
        self._monitors = monitors
        self._look_at = look_at
        self._log = log
        self._gone: OrderedDict[str, None] = OrderedDict()

    def note_gone(self, uid: str) -> None:
        """Remember that an object does not exist any more."""
        self._gone[uid] = None
        self._gone.move_to_end(uid)
        if len(self._gone) > REMEMBERED_GONE:
            self._gone.popitem(last=False)

    async def look(self, uid: str) -> None:
        """Look at one object as an owner and as a dependent.

        Raises:
            StatusError: The server refused, or the object changed meanwhile; look again.
            Unreachable: No answer; likewise.
            UnknownOwner: See there.
        """
        item = self._graph.get(uid)
        if item is None:
            return
        if item.lets_dependents_go:
            await self._orphan(item)
        elif item.waits_for_dependents:
            await self._wait_for_dependents(item)
        elif item.owners and not item.is_deleted and not self._all_solid(item):
            await self._judge(item)

    def _all_solid(self, item: Item) -> bool:
        """Whether every owner is known, of this name and not on its way out: the common case, without a request."""
        return all(
            (owner := self._graph.get(reference.uid)) is not None
            and self._is_same(reference, owner, item)
            and not owner.waits_for_dependents
            for reference in item.owners
        )

    def _is_same(self, reference: Owner, owner: Item, dependent: Item) -> bool:
        is_in_reach = not owner.resource.namespaced or owner.namespace == dependent.namespace
        group = reference.api_version.rpartition("/")[0]
        found = (owner.name, owner.resource.kind, owner.resource.group)
        return is_in_reach and found == (reference.name, reference.kind, group)

    async def _orphan(self, item: Item) -> None:
        for dependent in self._graph.dependents(item.uid):
            await self._drop_references(dependent, {item.uid})
        await self._take_off(item, ORPHAN)

    async def _wait_for_dependents(self, item: Item) -> None:
        if not self._graph.blocking(item.uid):
            await self._take_off(item, FOREGROUND)
            return
        for dependent in self._graph.dependents(item.uid):
            if not dependent.is_deleted:
                self._look_at(dependent.uid)

    async def _judge(self, item: Item) -> None:
        live = await self._get(item.path)
        if live is None or metadata_of(live).uid != item.uid:
            return  # the watch will tell
        about = metadata_of(live)
        if about.deletionTimestamp is not None:
            return
        references = owners_of(about)
        solid, gone, waiting = await self._classify(item, references)
        if solid and (gone or waiting):
            await self._drop_references(item, {owner.uid for owner in (*gone, *waiting)})
        elif references and not solid:
            await self._delete(item, about, in_foreground=bool(waiting) and bool(self._graph.dependents(item.uid)))

    async def _classify(self, item: Item, references: Iterable[Owner]) -> tuple[list[Owner], list[Owner], list[Owner]]:
        solid: list[Owner] = []
        gone: list[Owner] = []
        waiting: list[Owner] = []
        for reference in references:
            owner = await self._find(reference, item)
            if owner is None:
                gone.append(reference)
            elif owner.deletionTimestamp is not None and FOREGROUND in (owner.finalizers or ()):
                waiting.append(reference)
            else:
                solid.append(reference)
        return solid, gone, waiting

    async def _find(self, reference: Owner, dependent: Item) -> meta.ObjectMeta | None:
        """Return a living owner's metadata, or ``None`` when that very object is gone."""
        if reference.uid in self._gone:
            return None
        resource = self._monitors.by_kind.get((reference.api_version, reference.kind))
        if resource is None:
            self._monitors.look()
            what = f"its owner's kind {reference.kind} of {reference.api_version} is not served"
            raise UnknownOwner(f"{dependent.path}: {what}")
        if resource.namespaced and not dependent.namespace:
            # A cluster-scoped object cannot be owned by a namespaced one; which namespace would that be in?
            self._log.warning("%s names the namespaced owner %s, which cannot be", dependent.path, reference.name)
            return None
        live = await self._get(resource.path(dependent.namespace if resource.namespaced else "", reference.name))
        if live is None or metadata_of(live).uid != reference.uid:
            self.note_gone(reference.uid)
            return None
        return metadata_of(live)

    async def _delete(self, item: Item, about: meta.ObjectMeta, *, in_foreground: bool) -> None:
        finalizers = about.finalizers or ()
        if in_foreground or FOREGROUND in finalizers:
            policy = "Foreground"
        else:
            policy = "Orphan" if ORPHAN in finalizers else "Background"
        options: Plain = {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": policy,
            "preconditions": {"uid": about.uid, "resourceVersion": about.resourceVersion},
        }
        await self._send("DELETE", item.path, options)

    async def _drop_references(self, item: Item, uids: set[str]) -> None:
        live = await self._get(item.path)
        if live is None or metadata_of(live).uid != item.uid:
            return
        about = metadata_of(live)
        left = [owner for owner in about.ownerReferences or () if owner.uid not in uids]
        if len(left) != len(about.ownerReferences or ()):
            await self._patch(item, about, {"ownerReferences": left or None})

    async def _take_off(self, item: Item, finalizer: str) -> None:
        live = await self._get(item.path)
        if live is None or metadata_of(live).uid != item.uid:
            return
        about = metadata_of(live)
        if finalizer in (about.finalizers or ()):
            left = [name for name in about.finalizers or () if name != finalizer]
            await self._patch(item, about, {"finalizers": left or None})

    async def _patch(self, item: Item, about: meta.ObjectMeta, metadata: Plain) -> None:
        seen = {"uid": about.uid, "resourceVersion": about.resourceVersion}
        await self._send("PATCH", item.path, {"metadata": {**seen, **metadata}}, PatchType.MERGE)

    async def _send(self, method: str, path: str, body: Plain, content_type: str = "application/json") -> None:
        try:
            await self._client.request(method, path, body=body, content_type=content_type)
        except StatusError as error:
            if error.code != NOT_FOUND:  # somebody else was faster
                raise

    async def _get(self, path: str) -> PartialObject | None:
        try:
            answer = await self._client.request("GET", path)
        except StatusError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        try:
            return _DECODER.decode(answer.body)
        except msgspec.DecodeError as error:
            raise Unreachable(f"GET {path}: the answer is no object: {error}") from error
