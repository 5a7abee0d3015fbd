"""The client: the API's verbs, typed by the object's class.

    async with Client.over_socket(path, user_agent="kubernel-scheduler/0.1.0") as client:
        pod = await client.get(core.Pod, "nifty-1", "default")

One call is one request; nothing is retried, cached or guessed here. Whoever wants a cache uses an `Informer`, whoever
wants retries a `RateLimitedQueue`.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from kubernel.client.kubeconfig import read_kubeconfig
from kubernel.client.transport import Access, Query, Response, Transport
from kubernel.client.wire import ApiType, ObjectList, WatchEvent, WireType, metadata_of
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.models import Plain, core, meta
from kubernel.objects.registry import Registry

__all__ = ["Client", "PatchType"]

T = TypeVar("T", bound=ApiType)
Patch = Plain | Sequence[Plain]

JSON_BODY = "application/json"
WATCH_SILENCE_S = 30.0
"""How much longer than its own time limit a watch may stay silent before its connection counts as dead."""


class PatchType(StrEnum):
    """How a patch is written; the value is its content type."""

    JSON = "application/json-patch+json"
    MERGE = "application/merge-patch+json"
    STRATEGIC = "application/strategic-merge-patch+json"


class Client:
    """Talks to one cluster. Safe to share between any number of tasks of one event loop.

    Every method raises `StatusError` for what the server refuses and `Unreachable` when no answer came.
    """

    def __init__(self, access: Access, *, user_agent: str, registry: Registry | None = None) -> None:
        self._transport = Transport(access, user_agent)
        self._registry = registry if registry is not None else Registry(BUILTIN)
        self._types: dict[type, WireType[Any]] = {}

    @classmethod
    def over_socket(cls, path: Path, *, user_agent: str, registry: Registry | None = None) -> Self:
        """Return a client of the server on this machine; the socket's permissions are the authentication.

        Args:
            path: The server's unix socket.
            user_agent: ``component/version``; the first word becomes the user's name.
            registry: The kinds that this client can address; the built-in ones by default.
        """
        return cls(Access("http://localhost", socket=path), user_agent=user_agent, registry=registry)

    @classmethod
    def from_kubeconfig(
        cls, path: Path | None = None, *, user_agent: str, context: str | None = None, registry: Registry | None = None
    ) -> Self:
        """Return a client of the cluster that a kubeconfig names; see `read_kubeconfig`."""
        return cls(read_kubeconfig(path, context), user_agent=user_agent, registry=registry)

    @property
    def access(self) -> Access:
        """Where this client talks to."""
        return self._transport.access

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. Running watches end with `Unreachable`."""
        await self._transport.close()

    async def get(self, struct: type[T], name: str, namespace: str | None = None) -> T:
        """Return one object."""
        wire = self._wire(struct)
        answer = await self.request("GET", wire.kind.path(namespace, name))
        return wire.decode(answer.body)

    async def list(  # noqa: PLR0913 - the API's own list options
        self,
        struct: type[T],
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
        limit: int | None = None,
        continue_token: str = "",
        resource_version: str = "",
    ) -> ObjectList[T]:
        """Return the objects of a namespace, or of all.

        Args:
            struct: Their type.
            namespace: ``None`` means every namespace, or that the kind has none.
            label_selector: Such as ``App=Nifty,tier in (a,b)``; empty means all.
            field_selector: Such as ``spec.nodeName=n1``; empty means all.
            limit: The page's size; ``None`` returns everything at once.
            continue_token: From the page before.
            resource_version: ``"0"`` accepts whatever the server's cache holds; empty means the newest.
        """
        wire = self._wire(struct)
        query = _query(
            labelSelector=label_selector,
            fieldSelector=field_selector,
            limit="" if limit is None else str(limit),
            resourceVersion=resource_version,
            **{"continue": continue_token},
        )
        answer = await self.request("GET", wire.kind.path(namespace), query=query)
        return wire.decode_list(answer.body)

    async def create(self, obj: T, namespace: str | None = None) -> T:
        """Create the object and return it as stored. The namespace is the object's own unless given."""
        wire = self._wire(type(obj))
        path = wire.kind.path(namespace or metadata_of(obj).namespace)
        return wire.decode((await self._send("POST", path, obj)).body)

    async def update(self, obj: T) -> T:
        """Replace the object; refused with 409 when its ``resourceVersion`` is set and not the newest."""
        return await self._put(obj, None)

    async def update_status(self, obj: T) -> T:
        """Replace the object's status and nothing else; 409 as for `update`."""
        return await self._put(obj, "status")

    async def patch(
        self,
        struct: type[T],
        name: str,
        patch: Patch,
        namespace: str | None = None,
        *,
        patch_type: PatchType = PatchType.MERGE,
        subresource: str | None = None,
    ) -> T:
        """Change parts of the object and return it whole.

        Args:
            struct: The object's type.
            name: The object's name.
            patch: The patch as plain JSON: an object, for ``PatchType.JSON`` an array of operations. With
                ``metadata.resourceVersion`` or ``metadata.uid`` in it, it applies to that state or object only.
            namespace: The object's namespace; ``None`` for cluster-scoped kinds.
            patch_type: How the patch is written.
            subresource: Such as ``status`` or ``scale``; ``None`` patches the object itself.
        """
        wire = self._wire(struct)
        path = wire.kind.path(namespace, name, subresource)
        return wire.decode((await self._send("PATCH", path, patch, patch_type)).body)

    async def delete(  # noqa: PLR0913 - the API's own delete options
        self,
        struct: type[T],
        name: str,
        namespace: str | None = None,
        *,
        grace_s: int | None = None,
        propagation: str | None = None,
        uid: str | None = None,
        resource_version: str | None = None,
    ) -> None:
        """Delete one object, or ask for it when it has finalizers or a grace period.

        Args:
            struct: The object's type.
            name: The object's name.
            namespace: The object's namespace; ``None`` for cluster-scoped kinds.
            grace_s: Seconds to end in; ``None`` is the object's own, 0 removes it at once.
            propagation: ``Background``, ``Foreground`` or ``Orphan``; ``None`` is the kind's default.
            uid: Delete only this object, not another of the same name; else 409.
            resource_version: Delete only this state of the object; else 409.
        """
        options = meta.DeleteOptions(gracePeriodSeconds=grace_s, propagationPolicy=propagation)
        if uid is not None or resource_version is not None:
            options.preconditions = meta.Preconditions(uid=uid, resourceVersion=resource_version)
        options.apiVersion, options.kind = "v1", "DeleteOptions"
        await self._send("DELETE", self._wire(struct).kind.path(namespace, name), options)

    async def bind(self, namespace: str, pod_name: str, node: str, *, uid: str | None = None) -> None:
        """Assign a pod to a node; 409 when it has one already or is not the pod with this uid."""
        binding = core.Binding(
            target=core.ObjectReference(apiVersion="v1", kind="Node", name=node),
            metadata=meta.ObjectMeta(name=pod_name, namespace=namespace, uid=uid),
        )
        await self._send("POST", self._wire(core.Pod).kind.path(namespace, pod_name, "binding"), binding)

    async def watch(
        self,
        struct: type[T],
        namespace: str | None = None,
        *,
        resource_version: str,
        label_selector: str = "",
        field_selector: str = "",
        timeout_s: int | None = None,
    ) -> AsyncGenerator[WatchEvent[T], None]:
        """Yield every change after ``resource_version``, with bookmarks, until the server ends the stream.

        Args:
            struct: The objects' type.
            namespace: ``None`` means every namespace, or that the kind has none.
            resource_version: From a list or from the last event seen.
            label_selector: As in `list`; an object that leaves the selection is told as ``DELETED``.
            field_selector: Likewise.
            timeout_s: Ask the server to end the stream after so long; ``None`` leaves it to the server.

        Raises:
            StatusError: 410: that revision is gone, or this watcher fell behind; list again.
            Unreachable: The connection broke; resume from the last event's ``resource_version``.
        """
        wire = self._wire(struct)
        lines = self.watch_lines(
            wire.kind.path(namespace),
            resource_version=resource_version,
            label_selector=label_selector,
            field_selector=field_selector,
            timeout_s=timeout_s,
        )
        async with aclosing(lines):
            async for line in lines:
                yield wire.decode_line(line)

    async def watch_lines(
        self,
        path: str,
        *,
        resource_version: str,
        label_selector: str = "",
        field_selector: str = "",
        timeout_s: int | None = None,
        accept: str = JSON_BODY,
    ) -> AsyncGenerator[bytes, None]:
        """Yield the lines of a watch on any collection as they are; arguments and errors as of `watch`.

        Args:
            path: The collection's.
            resource_version: From a list or from the last event seen.
            label_selector: As in `list`.
            field_selector: As in `list`.
            timeout_s: Ask the server to end the stream after so long.
            accept: The form of the events.
        """
        query = _query(
            watch="true",
            allowWatchBookmarks="true",
            resourceVersion=resource_version,
            labelSelector=label_selector,
            fieldSelector=field_selector,
            timeoutSeconds="" if timeout_s is None else str(timeout_s),
        )
        silence_s = None if timeout_s is None else timeout_s + WATCH_SILENCE_S
        chunks = self._transport.stream("GET", path, query=query, headers={"Accept": accept}, silence_s=silence_s)
        async with aclosing(_lines(chunks)) as lines:
            async for line in lines:
                yield line

    async def request(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Patch | bytes | None = None,
        content_type: str = JSON_BODY,
        accept: str = JSON_BODY,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request; ``body`` is encoded as JSON unless it is bytes, and a redirect is an answer like others."""
        headers = {"Accept": accept, **(headers or {})}
        if body is not None:
            headers["Content-Type"] = content_type
        content = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        return await self._transport.request(method, path, query=query, body=content, headers=headers)

    async def stream(
        self, method: str, path: str, *, query: Query | None = None, accept: str = "*/*"
    ) -> AsyncGenerator[bytes, None]:
        """Yield the answer's body in chunks as they arrive: logs, raw watches."""
        async with aclosing(self._transport.stream(method, path, query=query, headers={"Accept": accept})) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _put(self, obj: T, subresource: str | None) -> T:
        wire = self._wire(type(obj))
        about = metadata_of(obj)
        path = wire.kind.path(about.namespace, about.name, subresource)
        return wire.decode((await self._send("PUT", path, obj)).body)

    async def _send(self, method: str, path: str, body: object, content_type: str = JSON_BODY) -> Response:
        headers = {"Accept": JSON_BODY, "Content-Type": content_type}
        return await self._transport.request(method, path, body=msgspec.json.encode(body), headers=headers)

    def _wire(self, struct: type[T]) -> WireType[T]:
        wire = self._types.get(struct)
        if wire is None:
            kind: Any = self._registry.of_type(struct)
            wire = self._types[struct] = WireType(kind, struct)
        return wire


def _query(**options: str) -> Query:
    return {name: value for name, value in options.items() if value}


async def _lines(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Join chunks into lines; linear also when one line spans hundreds of chunks."""
    begun: list[bytes] = []
    try:
        async for chunk in chunks:
            first, *rest = chunk.split(b"\n")
            begun.append(first)
            if not rest:
                continue
            whole = [b"".join(begun), *rest[:-1]]
            begun = [rest[-1]]
            for line in whole:
                if line.strip():
                    yield line
    finally:
        await chunks.aclose()
