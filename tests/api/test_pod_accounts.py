"""Which service account a pod runs as."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.calls import Api, pod


@pytest.fixture
async def robot(api: Api) -> AsyncIterator[Api]:
    """Yield an API with the account ``robot``, which has two secrets for pulling images."""
    account = {"metadata": {"name": "robot"}, "imagePullSecrets": [{"name": "a"}, {"name": "b"}]}
    await api.post(api.path("serviceaccounts"), account)
    yield api
    await api.send("DELETE", api.path("serviceaccounts", "robot"))


async def spec_of(api: Api, name: str, **spec: Any) -> dict[str, Any]:
    created: dict[str, Any] = (await api.post(api.path("pods"), pod(name, **spec)))["spec"]
    return created


async def test_pod_without_an_account_runs_as_default(api: Api) -> None:
    spec = await spec_of(api, "p")

    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("default", "default")
    assert "imagePullSecrets" not in spec
    assert "volumes" not in spec


async def test_pod_gets_the_secrets_of_its_account(robot: Api) -> None:
    spec = await spec_of(robot, "p", serviceAccount="robot")

    assert spec["serviceAccountName"] == "robot"
    assert spec["imagePullSecrets"] == [{"name": "a"}, {"name": "b"}]


async def test_pod_with_secrets_of_its_own_keeps_them(robot: Api) -> None:
    spec = await spec_of(robot, "p", serviceAccountName="robot", imagePullSecrets=[{"name": "mine"}])

    assert spec["imagePullSecrets"] == [{"name": "mine"}]


async def test_default_account_that_is_there_gives_its_secrets(api: Api) -> None:
    await api.post(api.path("serviceaccounts"), {"metadata": {"name": "default"}, "imagePullSecrets": [{"name": "a"}]})

    spec = await spec_of(api, "p")

    await api.send("DELETE", api.path("serviceaccounts", "default"))
    assert spec["imagePullSecrets"] == [{"name": "a"}]


async def test_pod_of_an_account_that_is_not_there_is_refused(api: Api) -> None:
    refusal = await api.refusal("POST", api.path("pods"), pod("p", serviceAccountName="nobody"))

    account = f"{api.namespace}/nobody"
    assert (refusal.code, refusal.message) == (
        403,
        f'pods "p" is forbidden: error looking up service account {account}: serviceaccount "nobody" not found',
    )


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"serviceAccountName": "robot"}, "a mirror pod may not reference service accounts"),
        (
            {"volumes": [{"name": "v", "secret": {"secretName": "s"}}]},
            "a mirror pod may not reference secrets",
        ),
        (
            {"volumes": [{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}]},
            "a mirror pod may not use ServiceAccountToken volume projections",
        ),
    ],
)
async def test_mirror_of_a_static_pod_has_nothing_of_the_cluster(robot: Api, spec: dict[str, Any], why: str) -> None:
    mirror = pod("p", nodeName="n", **spec)
    mirror["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "x"}

    refusal = await robot.refusal("POST", robot.path("pods"), mirror)

    assert (refusal.code, refusal.message) == (403, f'pods "p" is forbidden: {why}')
