"""Accept headers: which form an answer has, for every verb."""

from typing import Any

import pytest
import yaml

from tests.api.calls import Api, config_map, controller, pod
from tests.api.streams import WATCH_LIST, all_of

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
OLD_TABLE = "application/json;as=Table;v=v1beta1;g=meta.k8s.io"
PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
PROTOBUF = "application/vnd.kubernetes.protobuf"
ACCEPTED = "only the following media types are accepted: "
ALL_FORMS = f"{ACCEPTED}application/json, application/yaml, {PROTOBUF}"


@pytest.mark.parametrize(
    ("accept", "kind", "api_version"),
    [
        ("", "PodList", "v1"),
        ("*/*", "PodList", "v1"),
        ("application/*", "PodList", "v1"),
        (PROTOBUF, "PodList", "v1"),
        (f"{PROTOBUF},application/json", "PodList", "v1"),
        (f"{PROTOBUF}, */*", "PodList", "v1"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "PodList", "v1"),
        ("application/json;pretty=1", "PodList", "v1"),
        ("application/json;charset=utf-8", "PodList", "v1"),
        ("application/json;stream=watch", "PodList", "v1"),
        (f"{TABLE},{OLD_TABLE},application/json", "Table", "meta.k8s.io/v1"),
        ("application/json;g=meta.k8s.io;v=v1;as=Table", "Table", "meta.k8s.io/v1"),
        (f"{OLD_TABLE},application/json", "Table", "meta.k8s.io/v1beta1"),
        (f"application/json;q=0.5,{TABLE};q=0.9", "Table", "meta.k8s.io/v1"),
        (f"{TABLE};q=0.1,application/json;q=0.9", "PodList", "v1"),
        (f"{TABLE};q=0,application/json", "PodList", "v1"),
        ("application/json;as=Table;v=v7;g=meta.k8s.io,application/json", "PodList", "v1"),
        ("application/json;as=Chair;v=v1;g=meta.k8s.io,application/json", "PodList", "v1"),
        (f"{PROTOBUF};as=Table;v=v1;g=meta.k8s.io,application/json", "PodList", "v1"),
        (PARTIAL_LIST, "PartialObjectMetadataList", "meta.k8s.io/v1"),
        (f"{PARTIAL_LIST.replace('json', 'vnd.kubernetes.protobuf')}", "PartialObjectMetadataList", "meta.k8s.io/v1"),
        ("*/*;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io", "PartialObjectMetadataList",
         "meta.k8s.io/v1beta1"),
    ],
)  # fmt: skip
async def test_list_has_the_form_that_the_client_likes_best(api: Api, accept: str, kind: str, api_version: str) -> None:
    await api.post(api.path("pods"), pod("web"))

    found = await api.send("GET", api.path("pods"), accept=accept)

    assert (found.body["kind"], found.body["apiVersion"]) == (kind, api_version)
    assert found.headers["content-type"] == "application/json"
    assert len(found.body["rows" if kind == "Table" else "items"]) == 1


@pytest.mark.parametrize(
    ("accept", "query", "message"),
    [
        ("text/html", {}, ALL_FORMS),
        ("application/json;as=Chair;v=v1;g=meta.k8s.io", {}, ALL_FORMS),
        ("application/json;stream=ticks", {}, ALL_FORMS),
        (PARTIAL, {}, "you requested PartialObjectMetadata, but the requested object is a list (*core.PodList)"),
        ("application/yaml", {"watch": "1"}, f"{ACCEPTED}application/json;stream=watch, {PROTOBUF};stream=watch"),
        ("text/html", {"watch": "1"}, f"{ACCEPTED}application/json;stream=watch, {PROTOBUF};stream=watch"),
    ],
)  # fmt: skip
async def test_form_that_cannot_be_made_is_refused(api: Api, accept: str, query: dict[str, str], message: str) -> None:
    error = await api.refusal("GET", api.path("pods"), accept=accept, query=query)

    assert (error.code, error.reason, error.message) == (406, "NotAcceptable", message)


async def test_write_whose_answer_cannot_be_made_is_not_done(api: Api) -> None:
    refused = await api.refusal("POST", api.path("configmaps"), config_map("a"), accept="text/html")
    absent = await api.refusal("GET", api.path("configmaps", "a"))

    assert (refused.code, absent.code) == (406, 404)


async def _every_verb(api: Api, accept: str) -> dict[str, dict[str, Any]]:
    """Return what each verb that answers with one config map says."""
    one = api.path("configmaps", "a")
    create = await api.post(api.path("configmaps"), config_map("a"), accept=accept)
    get = await api.get(one, accept=accept)
    update = (await api.send("PUT", one, config_map("a", k="v"), accept=accept)).body
    held = {"metadata": {"finalizers": ["example.com/held"]}}
    merge = "application/merge-patch+json"
    patch = (await api.send("PATCH", one, held, accept=accept, content_type=merge)).body
    delete = (await api.send("DELETE", one, accept=accept)).body
    return {"create": create, "get": get, "update": update, "patch": patch, "delete": delete}


async def test_every_verb_answers_with_a_table(api: Api) -> None:
    answers = await _every_verb(api, TABLE)

    assert {verb: answer["kind"] for verb, answer in answers.items()} == dict.fromkeys(answers, "Table")
    for answer in answers.values():
        assert answer["columnDefinitions"][0]["name"] == "Name"
        assert answer["rows"][0]["cells"][0] == "a"
        assert answer["rows"][0]["object"]["metadata"]["resourceVersion"] == answer["metadata"]["resourceVersion"]


async def test_every_verb_answers_with_metadata_alone(api: Api) -> None:
    answers = await _every_verb(api, PARTIAL)

    for answer in answers.values():
        assert set(answer) == {"kind", "apiVersion", "metadata"}
        assert (answer["kind"], answer["apiVersion"]) == ("PartialObjectMetadata", "meta.k8s.io/v1")
        assert (answer["metadata"]["name"], answer["metadata"]["namespace"]) == ("a", api.namespace)


async def test_status_of_a_deletion_is_no_table(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    answer = await api.send("DELETE", api.path("configmaps", "a"), accept=TABLE)

    assert (answer.body["kind"], answer.body["details"]["name"]) == ("Status", "a")


@pytest.mark.parametrize(
    ("include", "shown"),
    [("", "PartialObjectMetadata"), ("Metadata", "PartialObjectMetadata"), ("Object", "Pod"), ("None", None)],
)
async def test_rows_of_a_table_carry_what_was_asked_for(api: Api, include: str, shown: str | None) -> None:
    await api.post(api.path("pods"), pod("web"))

    found = await api.get(api.path("pods"), accept=TABLE, query={"includeObject": include})

    assert [c["name"] for c in found["columnDefinitions"]][:5] == ["Name", "Ready", "Status", "Restarts", "Age"]
    assert found["rows"][0]["cells"][:4] == ["web", "0/1", "Pending", "0"]
    assert found["rows"][0].get("object", {}).get("kind") == shown


async def test_rows_of_a_table_cannot_carry_anything_else(api: Api) -> None:
    error = await api.refusal("GET", api.path("pods"), accept=TABLE, query={"includeObject": "All"})

    assert error.message == (
        'Unable to convert to Table as requested: includeObject: Invalid value: "All": '
        "must be 'Metadata', 'Object', 'None', or empty"
    )


async def test_scale_is_shown_as_a_table(api: Api) -> None:
    await api.post(api.path("replicationcontrollers"), controller("web", 2))

    table = await api.get(api.path("replicationcontrollers", "web", "scale"), accept=f"{TABLE},application/json")
    partial = await api.get(api.path("replicationcontrollers", "web", "scale"), accept=PARTIAL)

    assert (table["kind"], partial["kind"]) == ("Table", "PartialObjectMetadata")
    assert table["rows"][0]["object"]["metadata"]["name"] == partial["metadata"]["name"] == "web"


async def test_yaml_says_the_same_as_json(api: Api) -> None:
    tricky = {"on": "off", "n": "1e3", "at": "2001-01-01T00:00:00Z", "lines": "a\n b\n", "hex": "0x1F", "no": "~"}
    await api.post(api.path("configmaps"), config_map("a", **tricky))

    plain = await api.get(api.path("configmaps", "a"))
    answer = await api.client.request("GET", api.path("configmaps", "a"), accept="application/yaml")
    listed = await api.client.request("GET", api.path("configmaps"), accept="application/yaml")

    assert answer.headers["Content-Type"] == "application/yaml"
    assert yaml.load(answer.body, yaml.CSafeLoader)["data"] == tricky
    assert yaml.load(answer.body, yaml.CBaseLoader)["metadata"] == {**plain["metadata"]}
    assert yaml.load(listed.body, yaml.CSafeLoader)["kind"] == "ConfigMapList"


async def test_error_is_json_for_who_wants_yaml(api: Api) -> None:
    error = await api.refusal("GET", api.path("pods", "gone"), accept="application/yaml")

    assert (error.code, error.reason) == (404, "NotFound")


@pytest.mark.parametrize(
    ("agent", "query", "is_indented"),
    [
        ("kubectl/v1.37.1", {}, False),
        ("kubectl/v1.37.1", {"pretty": "true"}, True),
        ("curl/8.1", {}, True),
        ("curl/8.1", {"pretty": "false"}, False),
    ],
)
async def test_json_is_indented_for_people(api: Api, agent: str, query: dict[str, str], *, is_indented: bool) -> None:
    answer = await api.client.request("GET", api.path("pods"), query=query, headers={"User-Agent": agent})

    assert answer.body.startswith(b'{\n  "kind": "PodList",') is is_indented


async def test_large_answer_is_compressed_for_who_can_read_it(api: Api) -> None:
    for i in range(3):
        await api.post(api.path("configmaps"), config_map(f"c{i}", text="x" * 60_000))
    path = api.path("configmaps")

    plain = await api.client.request("GET", path, headers={"Accept-Encoding": "identity"})
    small = await api.client.request("GET", f"{path}/c1", headers={"Accept-Encoding": "gzip"})
    packed = await api.client.request("GET", path, headers={"Accept-Encoding": "gzip"})

    headers = {name.lower(): value for name, value in packed.headers.items()}
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "Content-Encoding" not in {**plain.headers, **small.headers}
    assert packed.body == plain.body


@pytest.mark.parametrize("accept", ["application/json", PROTOBUF, TABLE, OLD_TABLE, PARTIAL])
async def test_watch_has_the_form_that_the_client_accepts(api: Api, accept: str) -> None:
    for name in ("a", "b"):
        await api.post(api.path("configmaps"), config_map(name))

    one, two, bookmark = await all_of(api, api.path("configmaps"), accept=accept, timeoutSeconds="1", **WATCH_LIST)

    kind = "Table" if "Table" in accept else "PartialObjectMetadata" if "Partial" in accept else "ConfigMap"
    assert [event["object"]["kind"] for event in (one, two, bookmark)] == [kind] * 3
    assert bookmark["type"] == "BOOKMARK"
    if kind == "Table":
        assert [c["name"] for c in one["object"]["columnDefinitions"]] == ["Name", "Data", "Age"]
        assert two["object"]["columnDefinitions"] is bookmark["object"]["columnDefinitions"] is None
        assert two["object"]["rows"][0]["object"]["apiVersion"] == two["object"]["apiVersion"]
        assert "annotations" in bookmark["object"]["rows"][0]["object"]["metadata"]
    else:
        assert set(one["object"]) == {"apiVersion", "kind", "metadata"} | ({"data"} if kind == "ConfigMap" else set())
        assert bookmark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


async def test_table_of_an_empty_watch_has_its_headings_on_the_bookmark(api: Api) -> None:
    [bookmark] = await all_of(api, api.path("configmaps"), accept=TABLE, timeoutSeconds="1", **WATCH_LIST)

    assert bookmark["type"] == "BOOKMARK"
    assert [c["name"] for c in bookmark["object"]["columnDefinitions"]] == ["Name", "Data", "Age"]
