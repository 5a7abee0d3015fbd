"""Reviews: who am I, may this one do that, and what may I do; asked as somebody else by impersonation."""

from typing import Any

import pytest

from tests.api.calls import Api, Plain

AUTHORIZATION = "/apis/authorization.k8s.io/v1"
WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
JANE = {"Impersonate-User": "jane"}


def resource(verb: str, plural: str, **more: str) -> Plain:
    return {"resourceAttributes": {"verb": verb, "resource": plural, **more}}


async def allowed(api: Api, kind: str, spec: Plain, **options: Any) -> bool:
    """Ask one of the access reviews."""
    answer = await api.post(f"{AUTHORIZATION}/{kind}", {"spec": spec}, **options)
    assert answer["spec"]
    return bool(answer["status"]["allowed"])


async def test_whoami_tells_who_asks(api: Api) -> None:
    said = await api.send("POST", WHO, {})

    assert (said.code, said.body["kind"]) == (201, "SelfSubjectReview")
    assert said.body["status"]["userInfo"] == {
        "username": "system:kubernel-test",
        "groups": ["system:masters", "system:authenticated"],
    }


async def test_own_access_follows_the_authoriser(api: Api) -> None:
    kind, wish = "selfsubjectaccessreviews", resource("delete", "pods", namespace="default")
    path = {"nonResourceAttributes": {"verb": "get", "path": "/version"}}

    assert await allowed(api, kind, wish)
    assert not await allowed(api, kind, wish, headers=JANE)
    assert await allowed(api, kind, path, headers=JANE)
    assert await allowed(
        api, kind, resource("create", "selfsubjectreviews", group="authentication.k8s.io"), headers=JANE
    )


async def test_access_of_another_is_asked_by_name_and_groups(api: Api) -> None:
    wish = resource("delete", "nodes")

    assert not await allowed(api, "subjectaccessreviews", {"user": "jane", **wish})
    assert await allowed(api, "subjectaccessreviews", {"user": "jane", "groups": ["system:masters"], **wish})


async def test_access_in_a_namespace_is_asked_there(api: Api) -> None:
    path = f"{AUTHORIZATION}/namespaces/{api.namespace}/localsubjectaccessreviews"
    spec = {"user": "jane", "groups": ["system:masters"]}

    inside = await api.post(path, {"spec": {**spec, **resource("get", "pods", namespace=api.namespace)}})
    outside = await api.refusal("POST", path, {"spec": {**spec, **resource("get", "pods", namespace="other")}})

    assert inside["status"]["allowed"] is True
    assert outside.causes[0].field == "spec.resourceAttributes.namespace"


@pytest.mark.parametrize(
    ("kind", "body", "fields"),
    [
        ("selfsubjectaccessreviews", {"spec": {}}, ["spec.resourceAttributes"]),
        ("subjectaccessreviews", {"spec": resource("get", "pods")}, ["spec.user"]),
        ("subjectaccessreviews", {"spec": {}}, ["spec.resourceAttributes", "spec.user"]),
        (
            "selfsubjectaccessreviews",
            {"metadata": {"name": "x"}, "spec": resource("get", "pods")},
            ["metadata"],
        ),
        (
            "selfsubjectaccessreviews",
            {"spec": {**resource("get", "pods"), "nonResourceAttributes": {"path": "/", "verb": "get"}}},
            ["spec.nonResourceAttributes"],
        ),
    ],
)
async def test_review_that_asks_nothing_or_too_much_is_refused(
    api: Api, kind: str, body: Plain, fields: list[str]
) -> None:
    error = await api.refusal("POST", f"{AUTHORIZATION}/{kind}", body)

    assert error.code == 422
    assert [cause.field for cause in error.causes] == fields


async def test_rules_are_listed(api: Api) -> None:
    path, body = f"{AUTHORIZATION}/selfsubjectrulesreviews", {"spec": {"namespace": api.namespace}}

    masters = (await api.post(path, body))["status"]
    jane = (await api.post(path, body, headers=JANE))["status"]
    nowhere = await api.refusal("POST", path, {"spec": {}})

    everything = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
    assert everything in masters["resourceRules"]
    assert everything not in jane["resourceRules"]
    assert {rule for found in jane["resourceRules"] for rule in found["resources"]} == {
        "selfsubjectaccessreviews",
        "selfsubjectreviews",
        "selfsubjectrulesreviews",
    }
    assert masters["incomplete"] is False
    assert nowhere.message == "no namespace on request"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_reviews_are_only_asked(api: Api, method: str) -> None:
    error = await api.refusal(method, f"{AUTHORIZATION}/subjectaccessreviews")

    assert error.code == 405


async def test_impersonation_borrows_names_groups_and_fields(api: Api) -> None:
    headers = {
        "Impersonate-User": "jane",
        "Impersonate-Group": "builders",
        "Impersonate-Uid": "u-1",
        "Impersonate-Extra-Example.com%2fproject": "blue",
    }

    said = await api.post(WHO, {}, headers=headers)

    assert said["status"]["userInfo"] == {
        "username": "jane",
        "uid": "u-1",
        "groups": ["builders", "system:authenticated"],
        "extra": {"example.com/project": ["blue"]},
    }


async def test_impersonated_service_account_has_its_groups(api: Api) -> None:
    headers = {"Impersonate-User": f"system:serviceaccount:{api.namespace}:robot"}

    said = await api.post(WHO, {}, headers=headers)

    assert said["status"]["userInfo"]["groups"] == [
        "system:serviceaccounts",
        f"system:serviceaccounts:{api.namespace}",
        "system:authenticated",
    ]


async def test_impersonation_is_allowed_to_masters_only_and_needs_a_user(api: Api) -> None:
    userless = await api.refusal("POST", WHO, {}, headers={"Impersonate-Group": "system:masters"})
    pods = await api.refusal("GET", api.path("pods"), headers=JANE)

    assert userless.code == 400
    where = f'in the namespace "{api.namespace}"'
    assert pods.code == 403
    assert pods.message == f'pods is forbidden: User "jane" cannot list resource "pods" in API group "" {where}'


async def test_everybody_may_look_at_what_is_served(api: Api) -> None:
    for path in ("/api", "/apis", "/api/v1", "/apis/authorization.k8s.io/v1", "/openapi/v3", "/version", "/healthz"):
        assert (await api.client.request("GET", path, headers=JANE)).status == 200

    for path in ("/metrics", "/openid/v1/jwks"):
        refused = await api.refusal("GET", path, headers=JANE)
        assert (refused.code, refused.message) == (
            403,
            f'forbidden: User "jane" cannot get path "{path}"',
        )
