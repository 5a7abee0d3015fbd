"""Get and list over HTTP: what is there, and what is selected."""

import pytest

from tests.api.calls import Api, pod


async def test_get_refuses_what_is_not_there(api: Api) -> None:
    error = await api.refusal("GET", api.path("pods", "gone"))

    assert (error.code, error.reason, error.message) == (404, "NotFound", 'pods "gone" not found')


async def test_list_selects_by_labels_and_fields(api: Api) -> None:
    for name, tier in (("a", "front"), ("b", "back"), ("c", "front")):
        body = pod(name, nodeName="n1" if name == "a" else "n2")
        body["metadata"]["labels"] = {"tier": tier}
        await api.post(api.path("pods"), body)

    async def names(**query: str) -> list[str]:
        found = await api.get(api.path("pods"), query=query)
        return [item["metadata"]["name"] for item in found["items"]]

    assert await names(labelSelector="tier=front") == ["a", "c"]
    assert await names(labelSelector="tier in (back)") == ["b"]
    assert await names(fieldSelector="spec.nodeName=n2") == ["b", "c"]
    assert await names(labelSelector="tier=front", fieldSelector="spec.nodeName!=n1") == ["c"]
    assert await names(fieldSelector="metadata.name=b") == ["b"]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"labelSelector": "a in b"}, 400, "unable to parse requirement"),
        ({"fieldSelector": "spec.colour=blue"}, 400, "field label not supported: spec.colour"),
        ({"limit": "many"}, 400, "query parameter limit"),
        ({"watch": "maybe"}, 400, "query parameter watch"),
    ],
)
async def test_list_names_the_parameter_that_is_wrong(api: Api, query: dict[str, str], code: int, words: str) -> None:
    error = await api.refusal("GET", api.path("pods"), query=query)

    assert error.code == code
    assert words in error.message
