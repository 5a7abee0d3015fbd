"""Applied YAML that JSON has no words for, or that has another shape than its type: taken or refused, never a 5xx."""

import pytest
from kubernel.objects.errors import StatusError

from tests.api.calls import Api, config_map

HEAD = b"apiVersion: v1\nkind: ConfigMap\n"


async def code_of_apply(api: Api, body: bytes) -> int:
    try:
        said = await api.send(
            "PATCH",
            api.path("configmaps", "x"),
            HEAD + body,
            query={"fieldManager": "kubectl"},
            content_type="application/apply-patch+yaml",
        )
    except StatusError as error:
        return error.code
    return said.code


async def test_key_that_is_no_text_becomes_text(api: Api) -> None:
    code = await code_of_apply(api, b"metadata: {name: x}\ndata: {1: x, yes: z}")

    assert code == 201
    assert (await api.get(api.path("configmaps", "x")))["data"] == {"1": "x", "true": "z"}


@pytest.mark.parametrize(
    "body",
    [
        b"metadata: {name: x, annotations: [a]}",
        b"metadata: {name: x, finalizers: [1.0e300]}",
        b"metadata: {name: x, finalizers: [99999999999999999999999]}",
        b"metadata: {name: x, finalizers: [null]}",
        b"metadata: {name: x, ownerReferences: [{uid: {a: b}}]}",
        b"metadata: {name: x, labels: .nan}",
        b"metadata: {name: 5}",
        b"metadata: x",
        b"metadata: {name: x}\ndata: !!set {a, b}",
        b"metadata: {name: x}\ndata: {a: !!binary aGk=}",
        b"metadata: {name: x}\ndata: {? {a: b} : c}",
        b"metadata: {name: x}\ndata: " + b"{a: " * 500 + b"1" + b"}" * 500,
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
async def test_odd_value_is_no_failure_of_ours(api: Api, body: bytes, *, is_there: bool) -> None:
    if is_there:
        annotated = config_map("x")
        annotated["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{}"}
        await api.post(api.path("configmaps"), annotated)

    assert await code_of_apply(api, body) < 500
