"""Tokens of service accounts: what they say, how long and for whom they are believed."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from kubernel.testing import ApiServer

from tests.api.calls import Api, Plain, pod

ISSUER = "https://kubernetes.default.svc.cluster.local"


async def make_account(api: Api, name: str = "robot") -> Plain:
    return await api.post(api.path("serviceaccounts"), {"metadata": {"name": name}})


async def token_of(api: Api, name: str = "robot", **spec: Any) -> Plain:
    """Ask for a token and return the answered TokenRequest."""
    path = api.path("serviceaccounts", name, "token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    return await api.post(path, body)


async def review(api: Api, token: str, *audiences: str) -> Plain:
    """Return what a TokenReview says of a token."""
    spec = {"token": token, "audiences": list(audiences)} if audiences else {"token": token}
    answer = await api.post("/apis/authentication.k8s.io/v1/tokenreviews", {"spec": spec})
    status: Plain = answer["status"]
    return status


async def test_token_says_whose_it_is_and_is_signed_with_the_published_key(api: Api) -> None:
    account = await make_account(api)
    before = int(time.time())

    answer = await token_of(api, expirationSeconds=1200)

    keys = jwt.PyJWKSet.from_dict(await api.get("/openid/v1/jwks"))
    head = jwt.get_unverified_header(answer["status"]["token"])
    claims = jwt.decode(answer["status"]["token"], keys[head["kid"]], audience=ISSUER, issuer=ISSUER)
    assert claims["sub"] == f"system:serviceaccount:{api.namespace}:robot"
    assert claims["kubernetes.io"] == {
        "namespace": api.namespace,
        "serviceaccount": {"name": "robot", "uid": account["metadata"]["uid"]},
    }
    assert claims["exp"] == claims["iat"] + 1200
    assert before <= claims["nbf"] == claims["iat"]
    assert answer["spec"] == {"audiences": [ISSUER], "expirationSeconds": 1200}


async def test_review_of_a_token_knows_the_account_and_its_groups(api: Api) -> None:
    account = await make_account(api)
    token = (await token_of(api))["status"]["token"]

    status = await review(api, token)

    assert (status["authenticated"], status["audiences"]) == (True, [ISSUER])
    user = status["user"]
    assert user["username"] == f"system:serviceaccount:{api.namespace}:robot"
    assert user["uid"] == account["metadata"]["uid"]
    assert user["groups"] == [
        "system:serviceaccounts",
        f"system:serviceaccounts:{api.namespace}",
        "system:authenticated",
    ]
    assert user["extra"]["authentication.kubernetes.io/credential-id"][0].startswith("JTI=")


async def test_token_of_a_pod_carries_the_pod_and_ends_with_it(api: Api) -> None:
    await make_account(api)
    bound = await api.post(api.path("pods"), pod("web", serviceAccountName="robot"))
    reference = {"apiVersion": "v1", "kind": "Pod", "name": "web", "uid": bound["metadata"]["uid"]}
    token = (await token_of(api, boundObjectRef=reference))["status"]["token"]

    alive = await review(api, token)
    await api.send("DELETE", api.path("pods", "web"))
    dead = await review(api, token)

    assert alive["user"]["extra"]["authentication.kubernetes.io/pod-name"] == ["web"]
    assert "authenticated" not in dead or not dead["authenticated"]
    assert dead["error"] == '[invalid bearer token, pods "web" not found]'


async def test_token_ends_with_its_account_even_when_the_name_comes_back(api: Api) -> None:
    await make_account(api)
    token = (await token_of(api))["status"]["token"]

    await api.send("DELETE", api.path("serviceaccounts", "robot"))
    gone = await review(api, token)
    await make_account(api)
    other = await review(api, token)

    assert 'serviceaccounts "robot" not found' in gone["error"]
    assert "does not match the claim" in other["error"]
    assert not gone.get("authenticated")
    assert not other.get("authenticated")


async def test_token_is_good_for_its_audiences_only(api: Api) -> None:
    await make_account(api)
    token = (await token_of(api, audiences=["vault", "registry"]))["status"]["token"]

    here = await review(api, token)
    there = await review(api, token, "registry", "elsewhere")

    assert not here.get("authenticated")
    assert (there["authenticated"], there["audiences"]) == (True, ["registry"])


@pytest.mark.parametrize("part", [0, 1, 2], ids=["head", "claims", "signature"])
async def test_forged_token_is_not_believed(api: Api, part: int) -> None:
    await make_account(api)
    parts = (await token_of(api))["status"]["token"].split(".")
    if part == 0:
        parts[0] = _segment({"alg": "none", "typ": "JWT"})
        parts[2] = ""
    elif part == 1:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
        parts[1] = _segment({**claims, "sub": "system:serviceaccount:kube-system:root"})
    else:
        parts[2] = parts[2][::-1]

    status = await review(api, ".".join(parts))

    assert not status.get("authenticated")
    assert "cannot be verified" in status["error"]


def _segment(value: Plain) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "....", "é.é.é", "e30.e30.e30"])
async def test_what_is_no_token_of_the_cluster_is_nobodys(api: Api, token: str) -> None:
    status = await review(api, token)

    assert not status.get("authenticated")
    assert status["error"] == "invalid bearer token"


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        (599, "may not specify a duration less than 10 minutes"),
        (2**32 + 1, "may not specify a duration larger than 2^32 seconds"),
    ],
)
async def test_token_request_refuses_a_life_out_of_bounds(api: Api, seconds: int, why: str) -> None:
    await make_account(api)
    path = api.path("serviceaccounts", "robot", "token")

    error = await api.refusal("POST", path, {"spec": {"expirationSeconds": seconds}})

    assert (error.code, error.causes[0].field) == (422, "spec.expirationSeconds")
    assert error.causes[0].message == f"Invalid value: {seconds}: {why}"


async def test_token_request_refuses_what_it_cannot_bind_to(api: Api) -> None:
    await make_account(api)
    await api.post(api.path("pods"), pod("web"))
    path = api.path("serviceaccounts", "robot", "token")

    async def refusal(**reference: str) -> tuple[int, str]:
        error = await api.refusal("POST", path, {"spec": {"boundObjectRef": reference}})
        return error.code, error.message

    assert await refusal(apiVersion="v1", kind="ConfigMap", name="x") == (
        400,
        "cannot bind token to object of type /v1, Kind=ConfigMap",
    )
    assert await refusal(apiVersion="v1", kind="Pod", name="none") == (404, 'pods "none" not found')
    assert await refusal(apiVersion="v1", kind="Pod", name="web") == (
        400,
        'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
    )
    assert (await api.refusal("POST", api.path("serviceaccounts", "none", "token"), {})).code == 404


async def test_issuer_is_published_for_others(api: Api) -> None:
    said = await api.get("/.well-known/openid-configuration")
    keys = await api.get("/openid/v1/jwks")

    assert said["issuer"] == ISSUER
    assert said["jwks_uri"].endswith("/openid/v1/jwks")
    assert [(key["kty"], key["alg"]) for key in keys["keys"]] == [("EC", "ES256")]
    assert "d" not in keys["keys"][0]


async def test_tokens_outlive_the_server_and_their_key_is_the_owners_alone(api_server: ApiServer) -> None:
    async with api_server.client() as client:
        api = Api(client, "default")
        await make_account(api)
        token = (await token_of(api))["status"]["token"]

    api_server.kill()
    api_server.start()

    async with api_server.client() as client:
        assert (await review(Api(client, "default"), token))["authenticated"]
    assert (api_server.data / "sa.key").stat().st_mode & 0o777 == 0o600
