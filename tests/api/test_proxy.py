"""The proxy subresource: what travels to pods and services and back, and where requests do not go."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from kubernel.testing import ApiServer, eventually

from tests.api.backend import MERGE, agent_of, program_in_pod
from tests.api.calls import Api, pod

HTTP_ORIGIN = "http://kubernel"


@pytest.fixture
async def http(shared_server: ApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a plain HTTP client of the API server."""
    connector = aiohttp.UnixConnector(str(shared_server.socket))
    async with aiohttp.ClientSession(HTTP_ORIGIN, connector=connector) as session:
        yield session


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_proxy_passes_on_each_method_with_path_query_headers_and_body(
    api: Api, http: aiohttp.ClientSession, method: str
) -> None:
    body = b"" if method in {"GET", "DELETE", "OPTIONS"} else b"x=1"

    async with program_in_pod(api):
        path = api.path("pods", "web", "proxy", "a%2Fb", "c") + "/?q=1&q=%20"
        answer = await http.request(method, path, data=body, headers={"X-Mine": "1", "Authorization": "Bearer secret"})
        seen = await answer.json()

    assert (answer.status, seen["method"], seen["path"]) == (200, method, "/a%2Fb/c/?q=1&q=%20")
    assert (seen["body"], seen["headers"]["x-mine"]) == (body.decode(), "1")
    assert "authorization" not in seen["headers"]
    assert seen["headers"]["host"].startswith("127.64.9.9:")
    assert seen["headers"]["x-forwarded-uri"].endswith("/proxy/a%2Fb/c/")
    assert answer.headers["X-Answer"] == "yes"
    assert answer.headers["Set-Cookie"] == "a=1"
    assert "X-Hop" not in answer.headers


async def test_proxy_answers_a_head_without_a_body(api: Api, http: aiohttp.ClientSession) -> None:
    async with program_in_pod(api):
        answer = await http.head(api.path("pods", "web", "proxy", "x"))
        body = await answer.read()

    assert (answer.status, body, answer.headers["X-Answer"]) == (200, b"", "yes")


async def test_proxy_sends_browsers_where_relative_links_work(api: Api, http: aiohttp.ClientSession) -> None:
    async with program_in_pod(api):
        path = api.path("pods", "web", "proxy")
        async with (
            http.get(f"{path}?a=1", allow_redirects=False) as answer,
            http.get(f"{path}/moved", allow_redirects=False) as inner,
        ):
            pass

    assert (answer.status, answer.headers["Location"]) == (301, f"{path}/?a=1")
    assert (inner.status, inner.headers["Location"]) == (302, "/elsewhere")


async def test_proxy_has_no_limit_for_bodies(api: Api, http: aiohttp.ClientSession) -> None:
    portion, portions = b"x" * 2**16, 160

    async def body() -> AsyncIterator[bytes]:
        for _ in range(portions):
            yield portion

    async with program_in_pod(api):
        answer = await http.post(api.path("pods", "web", "proxy", "count"), data=body())
        text = await answer.text()

    assert (answer.status, text) == (200, str(len(portion) * portions))


async def test_proxy_streams_and_holds_up_nobody_else(api: Api, http: aiohttp.ClientSession) -> None:
    async with program_in_pod(api) as program, http.get(api.path("pods", "web", "proxy", "drip")) as answer:
        first = await asyncio.wait_for(answer.content.readline(), 5)
        meanwhile = await api.get(api.path("pods"))
        program.go_on.set()
        second = await answer.content.read()

    assert (first, second, len(meanwhile["items"])) == (b"one\n", b"two\n", 1)


async def test_proxy_joins_websockets(api: Api, http: aiohttp.ClientSession) -> None:
    async with (
        program_in_pod(api),
        http.ws_connect(api.path("pods", "web", "proxy", "echo") + "?a=b", protocols=("mine",)) as socket,
    ):
        opened = await socket.receive_str(timeout=5)
        await socket.send_bytes(b"x" * 300_000)
        back = await socket.receive_bytes(timeout=5)

    assert (opened, socket.protocol, len(back)) == ("/echo?a=b", "mine", 300_000)


async def test_proxy_returns_what_refuses_an_upgrade(api: Api, http: aiohttp.ClientSession) -> None:
    async with program_in_pod(api):
        headers = {"Connection": "Upgrade", "Upgrade": "chat"}
        answer = await http.get(api.path("pods", "web", "proxy", "x"), headers=headers)
        seen = await answer.json()

    assert (answer.status, seen["headers"]["upgrade"]) == (200, "chat")


async def test_proxy_reaches_a_service_through_a_ready_pod(api: Api) -> None:
    async with program_in_pod(api) as program:
        port = program.port
        spec = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": port}]}
        await api.post(api.path("services"), {"metadata": {"name": "front"}, "spec": spec})
        empty = await api.refusal("GET", api.path("services", "front:http", "proxy", "x"))
        reference = {"kind": "Pod", "name": "web", "namespace": api.namespace}
        subset = {
            "addresses": [{"ip": "127.64.9.9", "targetRef": reference}, {"ip": "127.64.9.10"}],
            "ports": [{"name": "http", "port": port}],
        }
        await api.post(api.path("endpoints"), {"metadata": {"name": "front"}, "subsets": [subset]})

        by_name = await api.get(api.path("services", "http:front:http", "proxy", "x"))
        by_number = await api.get(api.path("services", "front:80", "proxy", "x"))
        unknown = await api.refusal("GET", api.path("services", "front:81", "proxy", "x"))

    assert by_name["path"] == by_number["path"] == "/x"
    assert (empty.code, empty.message) == (503, 'no endpoints available for service "front:http"')
    assert unknown.message == 'no service port 81 found for service "front"'


async def test_proxy_reaches_a_service_through_its_slices(api: Api) -> None:
    async with program_in_pod(api) as program:
        await api.post(api.path("services"), {"metadata": {"name": "front"}, "spec": {"ports": [{"port": 80}]}})
        reference = {"kind": "Pod", "name": "web", "namespace": api.namespace}
        endpoints = [
            {"addresses": ["127.64.9.10"], "conditions": {"ready": False}},
            {"addresses": ["127.64.9.9"], "conditions": {"ready": True}, "targetRef": reference},
        ]
        slice_ = {
            "metadata": {"name": "front-1", "labels": {"kubernetes.io/service-name": "front"}},
            "addressType": "IPv4",
            "ports": [{"name": "", "port": program.port}],
            "endpoints": endpoints,
        }
        await api.post(f"/apis/discovery.k8s.io/v1/namespaces/{api.namespace}/endpointslices", slice_)

        seen = await api.get(api.path("services", "front:80", "proxy", "x"))

    assert seen["path"] == "/x"


async def test_proxy_reaches_a_node_through_its_agent(api: Api, tmp_path_factory: pytest.TempPathFactory) -> None:
    async with agent_of(api, "n1", tmp_path_factory.mktemp("a")):
        seen = await api.get("/api/v1/nodes/n1/proxy/healthz", query={"a": "1"})
        elsewhere = await api.refusal("GET", "/api/v1/nodes/n1:22/proxy/x")

    assert seen["path"] == "/healthz?a=1"
    assert (elsewhere.code, elsewhere.message) == (400, "address not allowed")


async def test_proxy_says_that_nobody_answers(api: Api) -> None:
    await api.post(api.path("pods"), pod("silent", nodeName="nowhere"))
    path = api.path("pods", "silent", "status")
    await api.send("PATCH", path, {"status": {"phase": "Running", "podIP": "127.64.9.11"}}, content_type=MERGE)

    error = await api.refusal("GET", api.path("pods", "silent:1", "proxy", "x"))

    assert (error.code, error.reason) == (503, "ServiceUnavailable")
    assert error.message.startswith("error trying to reach service: ")


@pytest.mark.parametrize("ip", ["169.254.169.254", "0.0.0.0", "224.0.0.1", ""])
async def test_proxy_goes_to_no_address_that_is_no_pods(api: Api, ip: str) -> None:
    await api.post(api.path("pods"), pod("odd", nodeName="nowhere"))
    status = {"phase": "Running", **({"podIP": ip} if ip else {})}
    await api.send("PATCH", api.path("pods", "odd", "status"), {"status": status}, content_type=MERGE)

    error = await api.refusal("GET", api.path("pods", "odd:80", "proxy", "x"))

    assert (error.code, error.message) == (400, "address not allowed")


@pytest.mark.parametrize("name", ["ftp:web:80", "a:b:c:d", "http::80", "web:http", "web:0", "web:65536"])
async def test_proxy_refuses_names_that_are_none(api: Api, name: str) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))

    error = await api.refusal("GET", api.path("pods", name, "proxy", "x"))

    assert error.code == 400


async def test_proxy_is_for_who_may(api: Api) -> None:
    async with program_in_pod(api):
        error = await api.refusal("GET", api.path("pods", "web", "proxy", "x"), headers={"Impersonate-User": "jane"})

    assert error.code == 403
    assert 'cannot get resource "pods/proxy"' in error.message


async def test_proxy_lets_go_of_the_pod_when_the_client_goes(api: Api, http: aiohttp.ClientSession) -> None:
    async with program_in_pod(api) as program:
        answer = await http.get(api.path("pods", "web", "proxy", "drip"))
        await answer.content.readline()
        answer.close()
        left = await api.get(api.path("pods", "web", "proxy", "x"))
        program.go_on.set()

    assert left["path"] == "/x"


async def test_tunnel_ends_when_either_side_does(
    api: Api, http: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with agent_of(api, "n2", tmp_path_factory.mktemp("a")) as agent:
        socket = await http.ws_connect("/api/v1/nodes/n2/proxy/echo")
        await socket.receive_str(timeout=5)
        agent.go_on.set()
        await socket.close()
        await eventually(lambda: socket.closed, "the socket is closed")
