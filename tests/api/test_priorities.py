"""What a pod's priority becomes, and which class may be the default one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.calls import Api, pod

CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses"


async def make(api: Api, name: str, **fields: Any) -> None:
    await api.post(CLASSES, {"metadata": {"name": name}, "value": 5, **fields})


async def spec_of(api: Api, name: str, **spec: Any) -> dict[str, Any]:
    created: dict[str, Any] = (await api.post(api.path("pods"), pod(name, **spec)))["spec"]
    return created


@pytest.fixture
async def classes(api: Api) -> AsyncIterator[Api]:
    """Yield an API with the class ``high``."""
    await make(api, "high", preemptionPolicy="Never")
    yield api
    await api.send("DELETE", f"{CLASSES}/high")


async def test_pod_without_a_class_gets_zero(api: Api) -> None:
    spec = await spec_of(api, "p")

    assert (spec["priority"], spec["preemptionPolicy"]) == (0, "PreemptLowerPriority")
    assert "priorityClassName" not in spec


async def test_pod_gets_the_priority_of_its_class(classes: Api) -> None:
    spec = await spec_of(classes, "p", priorityClassName="high")

    assert (spec["priority"], spec["preemptionPolicy"]) == (5, "Never")


async def test_default_class_is_that_of_pods_which_name_none(api: Api) -> None:
    await make(api, "usual", globalDefault=True)

    spec = await spec_of(api, "p")
    refusal = await api.refusal("POST", CLASSES, {"metadata": {"name": "other"}, "value": 1, "globalDefault": True})

    await api.send("DELETE", f"{CLASSES}/usual")
    assert (spec["priority"], spec["priorityClassName"]) == (5, "usual")
    assert (refusal.code, refusal.message) == (
        403,
        (
            'priorityclasses.scheduling.k8s.io "other" is forbidden: '
            "PriorityClass usual is already marked as default. Only one default can exist"
        ),
    )


async def test_priority_is_not_given_by_hand(classes: Api) -> None:
    path = classes.path("pods")
    number = await classes.refusal("POST", path, pod("p", priorityClassName="high", priority=6))
    policy = await classes.refusal("POST", path, pod("p", preemptionPolicy="Never"))
    unknown = await classes.refusal("POST", path, pod("p", priorityClassName="low"))

    assert number.message == (
        'pods "p" is forbidden: the integer value of priority (6) must not be provided in pod spec; '
        "priority admission controller computed 5 from the given PriorityClass name"
    )
    assert "the string value of PreemptionPolicy (Never) must not be provided in pod spec" in policy.message
    assert unknown.message == 'pods "p" is forbidden: no PriorityClass with name low was found'


async def test_update_that_leaves_the_priority_out_keeps_it(classes: Api) -> None:
    created = await classes.post(classes.path("pods"), pod("p", priorityClassName="high"))
    del created["spec"]["priority"], created["spec"]["preemptionPolicy"]

    said = await classes.send("PUT", classes.path("pods", "p"), created)

    assert (said.body["spec"]["priority"], said.body["spec"]["preemptionPolicy"]) == (5, "Never")


async def test_classes_of_the_system_exist(api: Api) -> None:
    found = {item["metadata"]["name"]: item["value"] for item in (await api.get(CLASSES))["items"]}

    assert {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}.items() <= found.items()
