"""OpenAPI documents of groups that others serve: named in the index, passed on from their servers."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from aiohttp import web
from kubernel.testing import eventually

from tests.api.bar import Bar, document
from tests.api.calls import Api

SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


async def register(api: Api, group: str, socket: Path) -> None:
    spec = {"group": group, "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 10}
    metadata = {"name": f"v1.{group}", "annotations": {"kubernel.dev/api-endpoint": f"unix://{socket}"}}
    await api.post(SERVICES, {"metadata": metadata, "spec": spec})


async def indexed(api: Api, group: str) -> str:
    """Return where the index says that the document of a group is; empty when it says nothing."""
    paths = (await api.get("/openapi/v3"))["paths"]
    return str(paths.get(f"apis/{group}/v1", {}).get("serverRelativeURL", ""))


async def is_available(api: Api, group: str) -> bool:
    status = (await api.get(f"{SERVICES}/v1.{group}")).get("status", {})
    return [(c["type"], c["reason"]) for c in status.get("conditions", [])] == [("Available", "Passed")]


@pytest.fixture
async def bar(api: Api) -> AsyncIterator[Bar]:
    """Yield a registered server on a socket, whose group's name is a new one."""
    bar, socket = Bar(f"bar.{api.namespace}.example.com"), Path(mkdtemp(prefix="kbl-")) / "bar.sock"
    async with bar.run(lambda runner: web.UnixSite(runner, str(socket))):
        await register(api, bar.group, socket)
        yield bar
    await api.send("DELETE", f"{SERVICES}/v1.{bar.group}")


async def test_index_names_the_document_of_others_with_their_hash(api: Api, bar: Bar) -> None:
    async def is_named() -> bool:
        return bool(await indexed(api, bar.group))

    await eventually(is_named, "the index names the document")

    assert await indexed(api, bar.group) == f"/openapi/v3/apis/{bar.group}/v1?hash=ABC123"
    assert "api/v1" in (await api.get("/openapi/v3"))["paths"]


async def test_document_of_others_is_theirs(api: Api, bar: Bar) -> None:
    await eventually(lambda: is_available(api, bar.group), "the group is available")

    said = await api.send("GET", f"/openapi/v3/apis/{bar.group}/v1?hash=ABC123")

    assert (said.code, said.body) == (200, document(bar.group))
    assert said.headers["etag"] == '"ABC123"'
    seen = bar.seen[-1]
    assert seen["path"].endswith("?hash=ABC123")
    assert "system:masters" in seen["headers"].getall("X-Remote-Group")


async def test_server_without_openapi_is_served_and_not_described(api: Api, bar: Bar) -> None:
    bar.digest = ""

    await eventually(lambda: is_available(api, bar.group), "the group is available")
    drinks = await api.get(f"/apis/{bar.group}/v1/drinks")

    assert drinks["kind"] == "DrinkList"
    assert await indexed(api, bar.group) == ""


async def test_document_of_a_server_that_is_away_is_unavailable_and_the_others_are_not(api: Api) -> None:
    group = f"away.{api.namespace}.example.com"
    await register(api, group, Path("/nonexistent/bar.sock"))

    refusal = await api.refusal("GET", f"/openapi/v3/apis/{group}/v1")
    core = await api.get("/openapi/v3/api/v1")

    assert (refusal.code, refusal.reason) == (503, "ServiceUnavailable")
    assert core["openapi"] == "3.0.0"
    assert await indexed(api, group) == ""
    await api.send("DELETE", f"{SERVICES}/v1.{group}")


async def test_document_that_does_not_come_is_unavailable_in_the_end(api: Api, bar: Bar) -> None:
    await eventually(lambda: is_available(api, bar.group), "the group is available")
    bar.may_describe.clear()

    refusal = await api.refusal("GET", f"/openapi/v3/apis/{bar.group}/v1")

    assert (refusal.code, refusal.message) == (503, "service unavailable")
    bar.may_describe.set()
