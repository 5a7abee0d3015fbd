"""Warnings of kinds reach the client beside an answer that is right."""

import json

from tests.api.calls import Api, pod

HIDING = {
    "containers": [{"name": "c", "image": "i", "env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}]
}
HIDDEN = (
    '299 - "spec.containers[0].env[1]: hides previous definition of \\"A\\", which may be dropped when using apply"'
)


async def test_create_warns_and_makes_the_object(api: Api) -> None:
    said = await api.send("POST", api.path("pods"), {"metadata": {"name": "p"}, "spec": HIDING})

    assert (said.code, said.headers["warning"]) == (201, HIDDEN)


async def test_update_warns_again(api: Api) -> None:
    created = await api.post(api.path("pods"), {"metadata": {"name": "p"}, "spec": HIDING})
    created["metadata"]["labels"] = {"a": "b"}

    said = await api.send("PUT", api.path("pods", "p"), created)

    assert (said.code, said.headers["warning"]) == (200, HIDDEN)


async def test_status_of_a_doubtful_object_warns_of_nothing(api: Api) -> None:
    created = await api.post(api.path("pods"), {"metadata": {"name": "p"}, "spec": HIDING})
    created["status"]["phase"] = "Running"

    said = await api.send("PUT", api.path("pods", "p", "status"), created)

    assert (said.code, "warning" in said.headers) == (200, False)


async def test_ordinary_pod_warns_of_nothing(api: Api) -> None:
    said = await api.send("POST", api.path("pods"), pod("p"))

    assert (said.code, "warning" in said.headers) == (201, False)


async def test_ten_thousand_warnings_fit_into_an_answer(api: Api) -> None:
    variables = [{"name": "A", "value": str(i)} for i in range(10_000)]
    container = {"name": "c", "image": "i", "env": variables}

    said = await api.send("POST", api.path("pods"), {"metadata": {"name": "p"}, "spec": {"containers": [container]}})

    assert said.code == 201
    assert 0 < len(json.dumps(said.headers["warning"])) < 8192
