"""Lists and watches of metadata alone, of any resource: what an `Informer` is fed with that reads no specs.

    informer = Informer(PartialSource(client, resource), PartialObject)

The server sends ``PartialObjectMetadata``, a fraction of the bytes.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from kubernel.client.client import Client
from kubernel.client.discovery import PartialObject, ServedResource
from kubernel.client.wire import ObjectList, WatchEvent, WireType

__all__ = ["PartialSource"]

_ACCEPT = "application/json;as={form};v=v1;g=meta.k8s.io,application/json"


class PartialSource:
    """Lists and watches one resource; the arguments are those of the client's methods."""

    def __init__(self, client: Client, resource: ServedResource) -> None:
        self._client = client
        self._wire = WireType(resource.as_kind(), PartialObject)

    async def list(
        self, _struct: type[PartialObject], namespace: str | None = None, *, label_selector: str, field_selector: str
    ) -> ObjectList[PartialObject]:
        """Return the metadata of every object that the selectors see."""
        query = {"labelSelector": label_selector, "fieldSelector": field_selector}
        answer = await self._client.request(
            "GET",
            self._wire.kind.path(namespace),
            query={name: value for name, value in query.items() if value},
            accept=_ACCEPT.format(form="PartialObjectMetadataList"),
        )
        return self._wire.decode_list(answer.body)

    async def watch(
        self,
        _struct: type[PartialObject],
        namespace: str | None = None,
        *,
        resource_version: str,
        label_selector: str,
        field_selector: str,
        timeout_s: int,
    ) -> AsyncGenerator[WatchEvent[PartialObject], None]:
        """Yield every change of the metadata after a revision, until the server ends the stream."""
        lines = self._client.watch_lines(
            self._wire.kind.path(namespace),
            resource_version=resource_version,
            label_selector=label_selector,
            field_selector=field_selector,
            timeout_s=timeout_s,
            accept=_ACCEPT.format(form="PartialObjectMetadata"),
        )
        async with aclosing(lines):
            async for line in lines:
                yield self._wire.decode_line(line)
