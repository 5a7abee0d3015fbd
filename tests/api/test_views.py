"""One storage with two versions: what is written in either is read, selected and watched in both."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from kubernel.testing import ApiServer

from tests.api.calls import Api, Plain
from tests.api.streams import WATCH_LIST, all_of, first
from tests.shelf import Shelf

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
MERGE = "application/merge-patch+json"


@pytest.fixture(scope="module")
def lamp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Yield a server that knows lamps."""
    path = tmp_path_factory.mktemp("shelf")
    source = (Path(__file__).parent / "lamps.py").read_text()
    Shelf(path).add("example-lamps", {"resources:lamps": "example_lamps:Lamps"}, {"example_lamps": source})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(path), prepend=":")
        with ApiServer(tmp_path_factory.mktemp("lamps")) as server:
            yield server


@pytest.fixture
async def api(lamp_server: ApiServer) -> AsyncIterator[Api]:
    """Yield a client; each test names its lamps apart."""
    async with lamp_server.client() as client:
        yield Api(client, "default")


def _path(version: str, *rest: str) -> str:
    return "/".join([f"/apis/example.com/{version}/namespaces/default/lamps", *rest])


def _lamp(name: str, **spec: object) -> Plain:
    return {"metadata": {"name": name, "labels": {"test": name}}, "spec": spec}


def _say(obj: Plain) -> tuple[str, str, Plain]:
    return obj["apiVersion"], obj["kind"], obj["spec"]


V1 = ("example.com/v1", "Lamp", {"power": "60W"})
V2 = ("example.com/v2", "Lamp", {"watts": 60, "colour": "white"})


async def test_what_is_created_in_one_version_is_read_in_both(api: Api) -> None:
    made = await api.post(_path("v1"), _lamp("made", power="60W"))

    assert _say(made) == _say(await api.stored(_path("v1", "made"))) == V1
    assert _say(await api.stored(_path("v2", "made"))) == V2
    assert made["metadata"] == (await api.stored(_path("v2", "made")))["metadata"]


async def test_dry_run_of_a_create_answers_in_its_version(api: Api) -> None:
    made = await api.post(_path("v1"), _lamp("dry", power="60W"), query={"dryRun": "All"})

    assert _say(made) == V1
    assert (await api.refusal("GET", _path("v2", "dry"))).code == 404


async def test_rules_of_the_stored_kind_hold_in_every_version(api: Api) -> None:
    error = await api.refusal("POST", _path("v1"), _lamp("cold", power="-1W"))

    assert (error.code, error.causes[0].field) == (422, "spec.watts")


async def test_change_in_a_version_keeps_what_it_cannot_say(api: Api) -> None:
    made = await api.post(_path("v2"), _lamp("kept", watts=20, colour="red"))

    replaced = (await api.send("PUT", _path("v1", "kept"), _lamp("kept", power="40W"))).body
    patched = (await api.send("PATCH", _path("v1", "kept"), {"spec": {"power": "60W"}}, content_type=MERGE)).body
    stored = await api.get(_path("v2", "kept"))

    assert (replaced["spec"], patched["spec"]) == ({"power": "40W"}, {"power": "60W"})
    assert stored["spec"] == {"watts": 60, "colour": "red"}
    generations = [obj["metadata"]["generation"] for obj in (made, replaced, patched)]
    assert generations == [1, 2, 3]


async def test_status_is_written_in_every_version(api: Api) -> None:
    await api.post(_path("v2"), _lamp("lit", watts=60))

    lit = {"status": {"lit": True}, "spec": {"power": "1W"}}
    answer = (await api.send("PATCH", _path("v1", "lit", "status"), lit, content_type=MERGE)).body

    assert (_say(answer), answer["status"]) == (V1, {"lit": True})
    assert (await api.get(_path("v2", "lit")))["status"] == {"lit": True}


async def test_stale_change_is_refused_in_every_version(api: Api) -> None:
    made = await api.post(_path("v1"), _lamp("stale", power="60W"))
    await api.send("PUT", _path("v2", "stale"), _lamp("stale", watts=1))

    error = await api.refusal("PUT", _path("v1", "stale"), made)

    assert (error.code, error.reason) == (409, "Conflict")


async def test_list_shows_and_selects_in_its_version(api: Api) -> None:
    for watts in (60, 61):
        await api.post(_path("v2"), _lamp(f"listed-{watts}", watts=watts))
    query = {"labelSelector": "test in (listed-60,listed-61)"}

    both = await api.get(_path("v1"), query=query)
    one = await api.get(_path("v1"), query={**query, "fieldSelector": "spec.size=61"})
    table = await api.get(_path("v1"), query=query, accept=TABLE)
    page = await api.get(_path("v1"), query={**query, "limit": "1"})

    assert (both["kind"], both["apiVersion"]) == ("LampList", "example.com/v1")
    assert [item["spec"] for item in both["items"]] == [{"power": "60W"}, {"power": "61W"}]
    assert [item["metadata"]["name"] for item in one["items"]] == ["listed-61"]
    assert [row["cells"] for row in table["rows"]] == [["listed-60", "60W"], ["listed-61", "61W"]]
    assert page["items"] == both["items"][:1]


async def test_field_of_another_version_cannot_be_selected(api: Api) -> None:
    error = await api.refusal("GET", _path("v1"), query={"fieldSelector": "spec.watts=60"})

    assert error.message == "field label not supported: spec.watts"


async def test_watch_tells_of_every_change_in_its_version(api: Api) -> None:
    made = await api.post(_path("v2"), _lamp("seen", watts=60))
    await api.send("PUT", _path("v2", "seen"), _lamp("seen", watts=61))
    await api.send("DELETE", _path("v2", "seen"))
    query = {"labelSelector": "test=seen", "resourceVersion": made["metadata"]["resourceVersion"]}

    changed, gone = await first(api, 2, _path("v1"), **query)

    assert (changed["type"], _say(changed["object"])) == ("MODIFIED", ("example.com/v1", "Lamp", {"power": "61W"}))
    assert (gone["type"], gone["object"]["spec"]) == ("DELETED", {"power": "61W"})


@pytest.mark.parametrize(("accept", "kind"), [(TABLE, "Table"), (PARTIAL, "PartialObjectMetadata"), ("*/*", "Lamp")])
async def test_watch_list_of_a_version_has_every_form(api: Api, accept: str, kind: str) -> None:
    name = f"formed-{kind.lower()}"
    await api.post(_path("v2"), _lamp(name, watts=60))
    query = {**WATCH_LIST, "fieldSelector": f"metadata.name={name}"}

    event, bookmark = await all_of(api, _path("v1"), accept=accept, timeoutSeconds="1", **query)

    assert event["object"]["kind"] == bookmark["object"]["kind"] == kind
    if kind == "Table":
        assert event["object"]["rows"][0]["cells"] == [name, "60W"]
        assert event["object"]["columnDefinitions"][1]["name"] == "Power"
    if kind == "Lamp":
        assert event["object"]["apiVersion"] == bookmark["object"]["apiVersion"] == "example.com/v1"


async def test_deletion_answers_in_its_version(api: Api) -> None:
    lamp = _lamp("held", watts=60)
    lamp["metadata"]["finalizers"] = ["example.com/held"]
    await api.post(_path("v2"), lamp)

    held = (await api.send("DELETE", _path("v1", "held"))).body
    await api.send("PATCH", _path("v1", "held"), {"metadata": {"finalizers": None}}, content_type=MERGE)

    assert _say(held) == V1
    assert "deletionTimestamp" in held["metadata"]
    assert (await api.refusal("GET", _path("v1", "held"))).code == 404


async def test_collection_is_deleted_in_every_version(api: Api) -> None:
    for name in ("many-1", "many-2"):
        await api.post(_path("v2"), {**_lamp(name, watts=60), "metadata": {"name": name, "labels": {"many": ""}}})

    gone = (await api.send("DELETE", _path("v1"), query={"labelSelector": "many"})).body

    assert [item["spec"] for item in gone["items"]] == [{"power": "60W"}] * 2
    assert (await api.get(_path("v2"), query={"labelSelector": "many"}))["items"] == []


async def test_both_versions_are_discovered_and_the_newer_is_preferred(api: Api) -> None:
    groups = (await api.get("/apis"))["groups"]

    found = next(group for group in groups if group["name"] == "example.com")
    assert [version["version"] for version in found["versions"]] == ["v2", "v1"]
    assert found["preferredVersion"]["version"] == "v2"
