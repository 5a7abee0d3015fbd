"""What is in a namespace: every namespaced kind that the server has, found by discovery.

Plain requests, because the kinds are not known beforehand: a third party's are emptied like any other.
"""

from collections import Counter
from dataclasses import dataclass, field

import msgspec
from kubernel.client import Client, PartialObject, ServedResource, Unreachable, metadata_of, served_resources
from kubernel.objects.errors import StatusError

__all__ = ["Remains", "empty"]

NEEDED_VERBS = frozenset({"list", "deletecollection"})
NOT_FOUND, NOT_ALLOWED = 404, 405
_METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"


class _List(msgspec.Struct):
    items: list[PartialObject] = []


_LIST = msgspec.json.Decoder(_List)


@dataclass(slots=True)
class Remains:
    """What is left in a namespace after everything was deleted, and why.

    Attributes:
        objects: How many are left of each resource, named ``plural.group``.
        finalizers: By how many of them each finalizer is held.
        failures: What could not be deleted, in sentences.
        discovery: Why the server could not say what it serves; empty when it did.
    """

    objects: Counter[str] = field(default_factory=Counter)
    finalizers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    discovery: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether the namespace is empty for certain."""
        return not (self.objects or self.failures or self.discovery)


async def empty(client: Client, namespace: str) -> Remains:
    """Delete everything in a namespace and return what is left; safe to repeat.

    Raises:
        Unreachable: The server did not answer.
    """
    remains = Remains()
    try:
        served = await served_resources(client)
    except StatusError as error:
        remains.discovery = error.message
        return remains
    for resource in served:
        if resource.namespaced and resource.verbs >= NEEDED_VERBS:
            await _empty(client, resource, namespace, remains)
    return remains


async def _empty(client: Client, resource: ServedResource, namespace: str, remains: Remains) -> None:
    path = resource.path(namespace)
    try:
        if not await _list(client, path):
            return
        # Background, as everything goes: nobody is left to be orphaned.
        await client.request("DELETE", path, body={"propagationPolicy": "Background"})
        left = await _list(client, path)
    except StatusError as error:
        if error.code not in (NOT_FOUND, NOT_ALLOWED):  # its definition went meanwhile, and the objects with it
            remains.failures.append(f"{resource.plural}: {error.message}")
        return
    if left:
        remains.objects[f"{resource.plural}.{resource.group}"] += len(left)
        for obj in left:
            remains.finalizers.update(metadata_of(obj).finalizers or ())


async def _list(client: Client, path: str) -> list[PartialObject]:
    answer = await client.request("GET", path, accept=_METADATA)
    try:
        return _LIST.decode(answer.body).items
    except msgspec.DecodeError as error:
        raise Unreachable(f"GET {path}: the answer is no list: {error}") from error
