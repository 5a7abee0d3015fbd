"""Webhooks that cannot be asked: the words, the failure policy, and that nobody else waits for them."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import pytest

from tests.api.calls import Api, config_map
from tests.api.webhook_server import Plain, allow, patching, rule, webhook, webhook_server

PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
CREATE_MAPS = rule("configmaps")


@pytest.fixture
async def configure(api: Api) -> AsyncIterator[Any]:
    """Yield what configures one validating webhook; it is gone after the test."""

    async def put(client: Plain, **fields: Any) -> None:
        one = webhook("v.example.com", client, CREATE_MAPS, namespace=api.namespace, **fields)
        await api.post(PATH, {"metadata": {"name": api.namespace}, "webhooks": [one]})

    yield put
    await api.send("DELETE", f"{PATH}/{api.namespace}")


async def hang(_request: Plain) -> Plain:
    await asyncio.sleep(60)
    return {"allowed": True}


async def refused(api: Api) -> str:
    refusal = await api.refusal("POST", api.path("configmaps"), config_map("a"))
    assert (refusal.code, refusal.reason) == (500, "InternalError")
    return refusal.message


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({"raw": "boom", "code": 500}, 'failed to call webhook: an error on the server ("boom") has prevented the'),
        ({"raw": "gone", "code": 404}, "failed to call webhook: the server could not find the requested resource"),
        ({"raw": "{", "code": 200}, "failed to call webhook: Input data was truncated"),
        ({"raw": "[]"}, "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind="),
        ({"uid": "other", "allowed": True}, 'received invalid webhook response: expected response.uid="'),
        (patching({"op": "add"}), "validating webhook may not return response.patch"),
    ],
)
async def test_unusable_answer_refuses_the_write_with_its_reason(
    api: Api, configure: Any, response: Any, words: str
) -> None:
    async with webhook_server(response if callable(response) else lambda _: response) as server:
        await configure(server.client())

        message = await refused(api)

    assert message.startswith('Internal error occurred: failed calling webhook "v.example.com": ')
    assert words in message


async def test_nobody_listening_is_said_as_kubernetes_says_it(api: Api, configure: Any) -> None:
    await configure({"url": "https://127.0.0.1:1/x"})

    message = await refused(api)

    post = 'failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s"'
    assert message.endswith(f"{post}: dial tcp 127.0.0.1:1: connect: connection refused")


async def test_certificate_of_a_stranger_is_not_believed(api: Api, configure: Any) -> None:
    async with webhook_server(allow) as server, webhook_server(allow) as other:
        await configure({"url": server.url, "caBundle": other.bundle})

        message = await refused(api)

    assert "tls: failed to verify certificate: x509: " in message
    assert server.requests == []


async def test_certificate_for_another_name_is_not_believed(api: Api, configure: Any) -> None:
    async with webhook_server(allow, "elsewhere.example.com") as server:
        await configure(server.client())

        assert "tls: failed to verify certificate" in await refused(api)


async def test_missing_service_is_said(api: Api, configure: Any) -> None:
    await configure({"service": {"name": "none", "namespace": api.namespace}})

    assert (await refused(api)).endswith('service "none" not found')


@pytest.mark.parametrize("client", [{"url": "https://127.0.0.1:1/"}, {"service": {"name": "x", "namespace": "y"}}])
async def test_failure_is_passed_over_when_the_policy_says_so(api: Api, configure: Any, client: Plain) -> None:
    await configure(client, failurePolicy="Ignore")

    assert (await api.send("POST", api.path("configmaps"), config_map("a"))).code == 201


async def test_hung_webhook_is_given_up_after_its_timeout_and_holds_up_nobody_else(api: Api, configure: Any) -> None:
    async with webhook_server(hang) as server:
        await configure(server.client(), timeoutSeconds=1)
        began = monotonic()
        waiting = asyncio.ensure_future(refused(api))
        await server.was_asked.wait()
        others = [api.send("POST", api.path("secrets"), {"metadata": {"name": f"s-{i}"}}) for i in range(20)]
        await asyncio.gather(*others)
        others_s = monotonic() - began
        message = await waiting

    assert message.endswith(f'Post "{server.url}/judge?timeout=1s": context deadline exceeded')
    assert others_s < 0.9 < monotonic() - began < 5


async def test_match_condition_without_a_value_refuses_the_write(api: Api, configure: Any) -> None:
    condition = {"name": "labelled", "expression": "object.metadata.labels.app == 'x'"}
    await configure({"url": "https://127.0.0.1:1/"}, matchConditions=[condition])

    refusal = await api.refusal("POST", api.path("configmaps"), config_map("a"))

    assert refusal.code == 403
    assert "no such key: labels" in refusal.message
