"""``deletecollection``: what goes, what stays and what is answered."""

from typing import Any

import pytest

from tests.api.calls import Api, Plain, config_map, pod

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"


async def _fill(api: Api) -> list[Plain]:
    bodies = [config_map(name) for name in "abcd"]
    for body in bodies[:2]:
        body["metadata"]["labels"] = {"half": "first"}
    return [await api.post(api.path("configmaps"), body) for body in bodies]


async def _delete(api: Api, body: Any = None, *, accept: str = "application/json", **query: str) -> Plain:
    return (await api.send("DELETE", api.path("configmaps"), body, accept=accept, query=query)).body


async def _left(api: Api) -> list[str]:
    return [item["metadata"]["name"] for item in (await api.get(api.path("configmaps")))["items"]]


@pytest.mark.parametrize(
    ("query", "body", "gone", "left"),
    [
        ({}, None, "abcd", ""),
        ({"labelSelector": "half=first"}, None, "ab", "cd"),
        ({"fieldSelector": "metadata.name=c"}, None, "c", "abd"),
        ({"labelSelector": "half=first"}, {"propagationPolicy": "Background"}, "ab", "cd"),
        ({"labelSelector": "no=such"}, None, "", "abcd"),
        ({"dryRun": "All"}, None, "abcd", "abcd"),
        ({}, {"dryRun": ["All"]}, "abcd", "abcd"),
        ({"limit": "3"}, None, "abc", "d"),
    ],
)
async def test_collection_goes_as_far_as_it_is_selected(
    api: Api, query: dict[str, str], body: Plain | None, gone: str, left: str
) -> None:
    made = await _fill(api)

    answer = await _delete(api, body, **query)

    assert (answer["kind"], answer["apiVersion"]) == ("ConfigMapList", "v1")
    assert answer["items"] == [one for one in made if one["metadata"]["name"] in gone]
    assert await _left(api) == list(left)


async def test_collection_is_deleted_page_by_page(api: Api) -> None:
    await _fill(api)

    first = await _delete(api, limit="3")
    last = await _delete(api, limit="3", **{"continue": first["metadata"]["continue"]})

    assert first["metadata"]["remainingItemCount"] == 1
    assert [item["metadata"]["name"] for item in last["items"]] == ["d"]
    assert await _left(api) == []


@pytest.mark.parametrize(("accept", "kind"), [(TABLE, "Table"), (PARTIAL_LIST, "PartialObjectMetadataList")])
async def test_deleted_collection_has_the_form_that_the_client_accepts(api: Api, accept: str, kind: str) -> None:
    await _fill(api)

    answer = await _delete(api, accept=accept)

    assert answer["kind"] == kind
    assert len(answer.get("items") or answer["rows"]) == 4


async def test_precondition_holds_for_every_object_of_the_collection(api: Api) -> None:
    made = await _fill(api)
    options = {"preconditions": {"uid": made[1]["metadata"]["uid"]}}

    error = await api.refusal("DELETE", api.path("configmaps"), options)

    assert (error.code, error.reason) == (409, "Conflict")
    assert await _left(api) == ["a", "c", "d"]


async def test_collection_whose_answer_cannot_be_made_stays(api: Api) -> None:
    await _fill(api)

    error = await api.refusal("DELETE", api.path("configmaps"), accept="text/html")

    assert error.code == 406
    assert await _left(api) == list("abcd")


async def test_objects_with_a_grace_period_are_marked(api: Api) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="n1"))

    answer = await api.send("DELETE", api.path("pods"), {"gracePeriodSeconds": 7})
    marked = await api.get(api.path("pods", "web"))

    assert [item["metadata"]["name"] for item in answer.body["items"]] == ["web"]
    assert marked["metadata"]["deletionGracePeriodSeconds"] == 7
