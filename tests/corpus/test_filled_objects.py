"""Every kind's fully filled object through its life: created, read back, changed in every way, watched, deleted."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.models import Plain
from kubernel.testing import ApiServer, eventually

from tests.corpus.filling import filled

KINDS = [kind for kind in BUILTIN if {"create", "get", "update", "patch", "delete", "watch"} <= set(kind.verbs)]
SERVERS = {
    # What the server decides whatever a client says, as in Kubernetes.
    "CertificateSigningRequest": (".spec.username", ".spec.uid", ".spec.groups", ".spec.extra"),
    "Event": (".eventTime",),  # always with six digits
    "Job": (".spec.scheduling",),  # of a feature that is off
    "ServiceAccount": (".secrets[0].",),  # only names are kept
}
WATCHED = frozenset({"APIService", "CustomResourceDefinition"})
"""Kinds whose status the server itself writes, a moment after the object is there."""

MERGE, APPLY = "application/merge-patch+json", "application/apply-patch+yaml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Yield a server that all kinds share."""
    with ApiServer(tmp_path_factory.mktemp("corpus")) as server:
        yield server


@pytest.fixture
async def client(server: ApiServer) -> AsyncIterator[Client]:
    """Yield a client of the server."""
    async with server.client() as client:
        yield client


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.api_version}/{kind.name}")
async def test_filled_object_lives_as_it_should(client: Client, kind: Kind[Any]) -> None:
    sent = filled(kind)
    namespace, name = sent["metadata"].get("namespace"), sent["metadata"]["name"]
    collection, path = kind.path(namespace), kind.path(namespace, name)

    created = await _send(client, "POST", collection, sent)
    assert _lost(_without_status(sent), created, SERVERS.get(kind.name, ())) == []
    if kind.name in WATCHED:
        created = await eventually(lambda: _with_conditions(client, path), "the server has looked at it")
    read = await _send(client, "GET", path)
    managers = read["metadata"]["managedFields"]  # a single read also says who manages which field
    assert read == created | {"metadata": created["metadata"] | {"managedFields": managers}}

    replaced = await _send(client, "PUT", path, created)
    assert replaced["metadata"]["resourceVersion"] == created["metadata"]["resourceVersion"], "nothing had changed"
    patched = await _send(client, "PATCH", path, {"metadata": {"labels": {"step": "patched"}}}, MERGE)
    applied = await _send(client, "PATCH", path, _applied(sent), APPLY, {"fieldManager": "test", "force": "true"})
    again = await _send(client, "PATCH", path, _applied(sent), APPLY, {"fieldManager": "test", "force": "true"})
    assert (patched["metadata"]["labels"]["step"], applied["metadata"]["labels"]["step"]) == ("patched", "applied")
    assert again["metadata"]["resourceVersion"] == applied["metadata"]["resourceVersion"], "apply twice is apply once"
    assert _lost(_without_status(_applied(sent)), applied, SERVERS.get(kind.name, ())) == []

    await _delete(client, path)
    events = await _events(client, collection, name, created["metadata"]["resourceVersion"])
    assert [event for event in events if event != "MODIFIED"] == ["DELETED"]
    assert events.count("MODIFIED") >= 2


async def _send(
    client: Client, method: str, path: str, body: Any = None, media: str = "application/json", query: Any = None
) -> Plain:
    answer = await client.request(method, path, body=body, content_type=media, query=query)
    decoded: Plain = json.loads(answer.body)
    return decoded


def _applied(sent: Plain) -> Plain:
    metadata = {key: value for key, value in sent["metadata"].items() if key != "finalizers"}
    metadata["labels"] = {**metadata.get("labels", {}), "step": "applied"}
    return {**sent, "metadata": metadata}


def _without_status(sent: Plain) -> Plain:
    """Return what a create keeps: a status is written by itself."""
    return {key: value for key, value in sent.items() if key != "status"}


def _lost(sent: Any, stored: Any, decided: tuple[str, ...]) -> list[str]:
    """Return the paths of everything that was sent and is not stored, but for what the server decides."""
    return [lost for lost in _differences(sent, stored, "") if not lost.startswith(decided)]


def _differences(sent: Any, stored: Any, path: str) -> list[str]:
    if isinstance(sent, dict):
        if not isinstance(stored, dict):
            return [path]
        return [lost for key, value in sent.items() for lost in _differences(value, stored.get(key), f"{path}.{key}")]
    if isinstance(sent, list):
        if not isinstance(stored, list) or len(sent) > len(stored):
            return [path]
        return [lost for i, value in enumerate(sent) for lost in _differences(value, stored[i], f"{path}[{i}]")]
    return [] if sent == stored else [f"{path}: {sent!r} became {stored!r}"]


async def _with_conditions(client: Client, path: str) -> Plain:
    read = await _send(client, "GET", path)
    return read if (read.get("status") or {}).get("conditions") else {}


async def _delete(client: Client, path: str) -> None:
    await client.request("DELETE", path, body={"gracePeriodSeconds": 0, "propagationPolicy": "Background"})
    # What a namespace, a volume or a definition waits for is done by controllers; here nobody does it.
    if path.startswith("/api/v1/namespaces/") and path.count("/") == 4:
        body = {"metadata": {"name": path.rpartition("/")[2]}, "spec": {"finalizers": []}}
        await client.request("PUT", f"{path}/finalize", body=body)
    answer = await client.request("GET", path.rpartition("/")[0])
    if any(item["metadata"]["name"] == path.rpartition("/")[2] for item in json.loads(answer.body)["items"]):
        with suppress(StatusError):  # somebody did it meanwhile
            await client.request("PATCH", path, body={"metadata": {"finalizers": None}}, content_type=MERGE)


async def _events(client: Client, collection: str, name: str, revision: str) -> list[str]:
    lines = client.watch_lines(
        collection, resource_version=revision, field_selector=f"metadata.name={name}", timeout_s=1
    )
    return [event for line in [line async for line in lines] if (event := json.loads(line)["type"]) != "BOOKMARK"]
