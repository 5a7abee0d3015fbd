"""Deleting: at once, with grace, held back by finalizers, with preconditions."""

import pytest

from tests.api.calls import Api, config_map, controller, pod

MERGE = "application/merge-patch+json"


async def test_delete_answers_with_a_status_that_names_the_object(api: Api) -> None:
    made = await api.post(api.path("configmaps"), config_map("a"))

    said = await api.send("DELETE", api.path("configmaps", "a"))

    assert said.body["status"] == "Success"
    assert said.body["details"] == {"name": "a", "kind": "configmaps", "uid": made["metadata"]["uid"]}


async def test_delete_of_a_waiting_pod_is_immediate(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))

    said = await api.send("DELETE", api.path("pods", "web"))

    assert said.body["kind"] == "Pod"
    assert (await api.refusal("GET", api.path("pods", "web"))).code == 404


async def test_delete_of_a_pod_on_a_node_waits_for_its_agent(api: Api) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="n1"))

    marked = (await api.send("DELETE", api.path("pods", "web"))).body["metadata"]
    again = (await api.send("DELETE", api.path("pods", "web"), {"gracePeriodSeconds": 5})).body["metadata"]
    await api.send("DELETE", api.path("pods", "web"), {"gracePeriodSeconds": 0})

    assert (marked["deletionGracePeriodSeconds"], again["deletionGracePeriodSeconds"]) == (30, 5)
    assert again["deletionTimestamp"] < marked["deletionTimestamp"]
    assert (await api.refusal("GET", api.path("pods", "web"))).code == 404


async def test_delete_waits_for_finalizers(api: Api) -> None:
    body = config_map("a")
    body["metadata"]["finalizers"] = ["example.com/hold"]
    await api.post(api.path("configmaps"), body)

    await api.send("DELETE", api.path("configmaps", "a"))
    held = await api.get(api.path("configmaps", "a"))
    released = {"metadata": {"finalizers": None}}
    await api.send("PATCH", api.path("configmaps", "a"), released, content_type=MERGE)

    assert "deletionTimestamp" in held["metadata"]
    assert (await api.refusal("GET", api.path("configmaps", "a"))).code == 404


@pytest.mark.parametrize(
    ("options", "finalizers"),
    [
        ({}, ["orphan"]),
        ({"propagationPolicy": "Orphan"}, ["orphan"]),
        ({"propagationPolicy": "Foreground"}, ["foregroundDeletion"]),
    ],
)
async def test_delete_of_a_controller_holds_it_for_its_pods(api: Api, options: dict, finalizers: list[str]) -> None:
    await api.post(api.path("replicationcontrollers"), controller("web", 1))

    await api.send("DELETE", api.path("replicationcontrollers", "web"), options)

    held = await api.get(api.path("replicationcontrollers", "web"))
    assert held["metadata"]["finalizers"] == finalizers


async def test_delete_of_a_controller_in_the_background_is_immediate(api: Api) -> None:
    await api.post(api.path("replicationcontrollers"), controller("web", 1))

    await api.send("DELETE", api.path("replicationcontrollers", "web"), {"propagationPolicy": "Background"})

    assert (await api.refusal("GET", api.path("replicationcontrollers", "web"))).code == 404


async def test_delete_of_another_object_of_the_name_is_refused(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    error = await api.refusal("DELETE", api.path("configmaps", "a"), {"preconditions": {"uid": "other"}})

    assert (error.code, error.reason) == (409, "Conflict")
    assert "Precondition failed: UID in precondition: other, UID in object meta:" in error.message


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"gracePeriodSeconds": -1}, 422, "gracePeriodSeconds: Invalid value: -1"),
        ({"propagationPolicy": "Sideways"}, 422, 'propagationPolicy: Unsupported value: "Sideways"'),
        ({"propagationPolicy": "Orphan", "orphanDependents": True}, 422, "cannot be both set"),
        ({"orphanDependents": {}}, 400, "orphanDependents"),
        ({"preconditions": []}, 400, "preconditions"),
        ({"kind": "Pod"}, 400, "must be DeleteOptions"),
        ([], 400, "DeleteOptions must be a JSON object"),
    ],
)
async def test_delete_names_the_option_that_is_wrong(api: Api, options: object, code: int, words: str) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    error = await api.refusal("DELETE", api.path("configmaps", "a"), options)

    assert error.code == code
    assert words in error.message


async def test_delete_in_a_dry_run_deletes_nothing(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    await api.send("DELETE", api.path("configmaps", "a"), {"dryRun": ["All"]})

    assert (await api.get(api.path("configmaps", "a")))["metadata"]["name"] == "a"


async def test_delete_of_a_protected_namespace_is_refused(api: Api) -> None:
    error = await api.refusal("DELETE", "/api/v1/namespaces/kube-system")

    assert (error.code, error.reason) == (403, "Forbidden")


async def test_deletecollection_takes_what_the_selector_sees(api: Api) -> None:
    for name, team in (("a", "red"), ("b", "blue"), ("c", "red")):
        body = config_map(name)
        body["metadata"]["labels"] = {"team": team}
        await api.post(api.path("configmaps"), body)

    gone = await api.send("DELETE", api.path("configmaps"), query={"labelSelector": "team=red"})

    left = await api.get(api.path("configmaps"))
    assert [item["metadata"]["name"] for item in gone.body["items"]] == ["a", "c"]
    assert [item["metadata"]["name"] for item in left["items"]] == ["b"]


async def test_delete_of_a_namespace_waits_until_it_is_finalized(api: Api) -> None:
    path = f"/api/v1/namespaces/{api.namespace}"

    marked = (await api.send("DELETE", path)).body
    refused = await api.refusal("POST", api.path("configmaps"), config_map("late"))
    await api.send("PUT", f"{path}/finalize", {**marked, "spec": {"finalizers": []}})

    assert (marked["status"]["phase"], "deletionTimestamp" in marked["metadata"]) == ("Terminating", True)
    assert (refused.code, refused.reason) == (403, "Forbidden")
    assert "because it is being terminated" in refused.message
    assert (await api.refusal("GET", path)).code == 404
