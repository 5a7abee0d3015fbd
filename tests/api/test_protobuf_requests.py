"""Protobuf requests: every verb takes them where JSON is taken, and refuses what is wrong as it does with JSON."""

import pytest

from tests.api.calls import Api, config_map, pod
from tests.objects.go_protobuf import encode

PROTOBUF = "application/vnd.kubernetes.protobuf"


def _config_map(name: str, **data: str) -> bytes:
    return encode("core_v1.ConfigMap", config_map(name, **data))


@pytest.mark.parametrize("content_type", [PROTOBUF, f"{PROTOBUF};type=watch", PROTOBUF.upper()])
async def test_object_is_created_and_replaced(api: Api, content_type: str) -> None:
    path = api.path("configmaps")

    created = await api.post(path, _config_map("a", k="v"), content_type=content_type)
    replaced = await api.send("PUT", f"{path}/a", _config_map("a", k="w"), content_type=content_type)

    assert created["data"] == {"k": "v"}
    assert replaced.body["data"] == {"k": "w"}
    assert replaced.body["metadata"]["uid"] == created["metadata"]["uid"]


async def test_deletion_takes_its_options(api: Api) -> None:
    await api.post(api.path("pods"), pod("a", nodeName="n"))
    options = encode("meta_v1.DeleteOptions", {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 7})

    answer = await api.send("DELETE", api.path("pods", "a"), options, content_type=PROTOBUF)

    assert answer.body["metadata"]["deletionGracePeriodSeconds"] == 7


async def test_pod_is_bound(api: Api) -> None:
    await api.post(api.path("pods"), pod("a"))
    binding = {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": "a"},
        "target": {"kind": "Node", "name": "n"},
    }

    await api.post(api.path("pods", "a", "binding"), encode("core_v1.Binding", binding), content_type=PROTOBUF)

    assert (await api.get(api.path("pods", "a")))["spec"]["nodeName"] == "n"


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        (
            encode("core_v1.Secret", {"apiVersion": "v1", "kind": "Secret"}),
            400,
            "does not match the resource configmaps",
        ),
        (encode("core_v1.ConfigMap", config_map("A")), 422, "metadata.name: Invalid value"),
        (b"{}", 400, "does not appear to be a protobuf message"),
        (_config_map("a")[:-9], 400, "unexpected EOF"),
    ],
)
async def test_wrong_body_is_refused(api: Api, body: bytes, code: int, sentence: str) -> None:
    error = await api.refusal("POST", api.path("configmaps"), body, content_type=PROTOBUF)

    assert (error.code, sentence in error.message) == (code, True), error.message


async def test_patch_is_refused(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    error = await api.refusal("PATCH", api.path("configmaps", "a"), _config_map("a"), content_type=PROTOBUF)

    assert error.code == 415


async def test_object_without_protobuf_is_refused_and_told_what_is_accepted(api: Api) -> None:
    path = "/apis/kubernel.dev/v1/plugins"

    error = await api.refusal("POST", path, _config_map("a"), content_type=PROTOBUF)

    assert error.code == 415
    assert error.message.endswith("accepted media types include: application/json, application/yaml")
