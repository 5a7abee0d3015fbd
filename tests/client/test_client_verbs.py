"""The client's verbs against a real API server."""

import asyncio

import pytest
from kubernel.client import Client, PatchType, Unreachable
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.testing import ApiServer


def _config(name: str, **data: str) -> core.ConfigMap:
    return core.ConfigMap(metadata=meta.ObjectMeta(name=name, namespace="default", labels={"app": "x"}), data=data)


def _pod(name: str) -> core.Pod:
    spec = core.PodSpec(containers=[core.Container(name="c", image="host")])
    return core.Pod(metadata=meta.ObjectMeta(name=name, namespace="default"), spec=spec)


def _node(name: str) -> core.Node:
    return core.Node(metadata=meta.ObjectMeta(name=name))


async def test_client_creates_gets_updates_and_deletes(client: Client) -> None:
    created = await client.create(_config("a", colour="red"))
    created.data = {"colour": "blue"}
    updated = await client.update(created)

    found = await client.get(core.ConfigMap, "a", "default")
    await client.delete(core.ConfigMap, "a", "default", uid=found.metadata.uid if found.metadata else None)

    assert found.metadata is not None
    assert found.metadata.managedFields, "a single read says who manages which field"
    found.metadata.managedFields = None
    assert (found.data, found) == ({"colour": "blue"}, updated)
    with pytest.raises(StatusError, match='configmaps "a" not found') as raised:
        await client.get(core.ConfigMap, "a", "default")
    assert raised.value.code == 404


async def test_client_update_of_a_stale_object_is_a_conflict(client: Client) -> None:
    stale = await client.create(_config("a"))
    await client.patch(core.ConfigMap, "a", {"data": {"x": "1"}}, "default")

    with pytest.raises(StatusError) as raised:
        await client.update(stale)

    assert (raised.value.code, raised.value.reason) == (409, "Conflict")


async def test_client_lists_in_pages_and_by_selector(client: Client) -> None:
    for name in ("a", "b", "c"):
        await client.create(_config(name))

    first = await client.list(core.ConfigMap, "default", label_selector="app=x", limit=2)
    second = await client.list(
        core.ConfigMap, "default", label_selector="app=x", limit=2, continue_token=first.continue_token
    )
    named = await client.list(core.ConfigMap, field_selector="metadata.name=b")

    assert [o.metadata and o.metadata.name for o in first.items + second.items] == ["a", "b", "c"]
    assert (second.continue_token, len(named.items)) == ("", 1)


@pytest.mark.parametrize(
    ("patch_type", "patch"),
    [
        (PatchType.MERGE, {"data": {"colour": "blue"}}),
        (PatchType.STRATEGIC, {"data": {"colour": "blue"}}),
        (PatchType.JSON, [{"op": "replace", "path": "/data/colour", "value": "blue"}]),
    ],
)
async def test_client_patches_in_every_form(client: Client, patch_type: PatchType, patch: object) -> None:
    await client.create(_config("a", colour="red", size="small"))

    assert isinstance(patch, dict | list)
    patched = await client.patch(core.ConfigMap, "a", patch, "default", patch_type=patch_type)

    assert patched.data == {"colour": "blue", "size": "small"}


async def test_client_binds_a_pod_once(client: Client) -> None:
    await client.create(_node("n1"))
    pod = await client.create(_pod("p"))
    assert pod.metadata is not None

    await client.bind("default", "p", "n1", uid=pod.metadata.uid)
    bound = await client.get(core.Pod, "p", "default")

    assert bound.spec is not None
    assert bound.spec.nodeName == "n1"
    with pytest.raises(StatusError) as raised:
        await client.bind("default", "p", "n2")
    assert raised.value.code == 409


async def test_client_updates_only_the_status(client: Client) -> None:
    pod = await client.create(_pod("p"))
    assert pod.metadata is not None
    pod.metadata.labels = {"ignored": "yes"}
    pod.status = core.PodStatus(phase="Running", podIP="127.64.0.1")

    changed = await client.update_status(pod)

    assert changed.status is not None
    assert changed.metadata is not None
    assert (changed.status.phase, changed.metadata.labels) == ("Running", None)


async def test_client_watches_from_a_moment_on(client: Client) -> None:
    await client.create(_config("before"))
    moment = (await client.list(core.ConfigMap, "default")).resource_version
    watch = client.watch(core.ConfigMap, "default", resource_version=moment)

    await client.create(_config("a"))
    await client.patch(core.ConfigMap, "a", {"data": {"x": "1"}}, "default")
    await client.delete(core.ConfigMap, "a", "default")
    async with asyncio.timeout(5):
        events = [await anext(watch) for _ in range(3)]

    assert [event.type for event in events] == ["ADDED", "MODIFIED", "DELETED"]
    await watch.aclose()


async def test_client_sends_raw_requests(client: Client) -> None:
    answer = await client.request("GET", "/version")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert b"gitVersion" in answer.body


async def test_client_streams_what_it_does_not_understand(client: Client) -> None:
    await client.create(_config("a"))
    query = {"watch": "true", "resourceVersion": "0", "timeoutSeconds": "1"}

    chunks = [chunk async for chunk in client.stream("GET", "/api/v1/namespaces/default/configmaps", query=query)]

    assert b'"name":"a"' in b"".join(chunks)


async def test_client_stream_of_nothing_is_an_error(client: Client) -> None:
    with pytest.raises(StatusError) as raised:
        await anext(client.stream("GET", "/no/such/path"))

    assert raised.value.code == 404


async def test_client_has_hundreds_of_writes_in_flight(client: Client) -> None:
    await asyncio.gather(*(client.create(_config(f"c{i}")) for i in range(300)))

    assert len((await client.list(core.ConfigMap, "default", label_selector="app=x")).items) == 300


async def test_large_objects_travel_in_one_watch_line(client: Client) -> None:
    moment = (await client.list(core.ConfigMap, "default")).resource_version
    watch = client.watch(core.ConfigMap, "default", resource_version=moment)

    large = _config("large", blob="x" * 1_000_000)
    assert large.metadata is not None
    large.metadata.annotations = {"more": "y" * 200_000}
    await client.create(large)
    async with asyncio.timeout(10):
        event = await anext(watch)

    assert event.object.data == large.data
    await watch.aclose()


async def test_killed_server_is_unreachable(api_server: ApiServer) -> None:
    async with api_server.client() as client:
        await client.list(core.Pod)
        api_server.kill()

        with pytest.raises(Unreachable):
            await client.list(core.Pod)
