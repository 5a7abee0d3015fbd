"""Exec, attach and port-forward: checked here, then the connection is the node's agent's."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from kubernel.testing import ApiServer

from tests.api.backend import agent_of
from tests.api.calls import Api, Plain, pod

UPGRADE = {"Connection": "Upgrade", "Upgrade": "SPDY/3.1"}


@pytest.fixture
async def http(shared_server: ApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a plain HTTP client of the API server."""
    connector = aiohttp.UnixConnector(str(shared_server.socket))
    async with aiohttp.ClientSession("http://kubernel", connector=connector) as session:
        yield session


def two(name: str) -> Plain:
    """Return a pod with two containers and one that prepares."""
    containers = [{"name": "a", "image": "host"}, {"name": "b", "image": "host"}]
    return pod(name, nodeName="agented", containers=containers, initContainers=[{"name": "i", "image": "host"}])


@pytest.mark.parametrize(
    ("path", "there"),
    [
        (
            "exec?command=echo&command=a%20b&stdout=true&stderr=1",
            "/exec/{}/web/main?output=1&error=1&command=echo&command=a+b",
        ),
        (
            "exec?command=sh&stdin=true&stdout=true&stderr=true&tty=true",
            "/exec/{}/web/main?input=1&output=1&tty=1&command=sh",
        ),
        ("attach?stdout=true&container=main", "/attach/{}/web/main?output=1"),
        ("portforward?ports=80,443", "/portForward/{}/web?port=80%2C443"),
        ("portforward", "/portForward/{}/web"),
    ],
)
async def test_stream_reaches_the_agent_at_the_kubelets_path(
    api: Api, http: aiohttp.ClientSession, tmp_path: Path, path: str, there: str
) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="agented"))

    async with (
        agent_of(api, "agented", tmp_path),
        http.ws_connect(api.path("pods", "web", path), protocols=("v5.channel.k8s.io",)) as socket,
    ):
        asked = await socket.receive_str(timeout=5)
        await socket.send_bytes(b"\x00hello")
        echoed = await socket.receive_bytes(timeout=5)

    assert asked == there.format(api.namespace)
    assert (echoed, socket.protocol) == (b"\x00hello", "v5.channel.k8s.io")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("exec?stdout=true", "you must specify at least one command for the container"),
        ("exec?command=ls", "you must specify at least 1 of stdin, stdout, stderr"),
        ("exec?command=ls&stdout=true&container=c", "container c is not valid for pod both"),
        ("attach?stdout=true", "a container name must be specified for pod both, choose one of: [i a b]"),
        ("exec?command=ls&stdout=true&container=a", "Upgrade request required"),
    ],
)
async def test_stream_that_makes_no_sense_is_refused_here(api: Api, path: str, why: str) -> None:
    await api.post(api.path("pods"), two("both"))

    route, _, query = path.partition("?")
    pairs = dict(pair.split("=") for pair in query.split("&"))
    error = await api.refusal("POST", api.path("pods", "both", route), query=pairs)

    assert (error.code, error.message) == (400, why)


async def test_stream_into_a_pod_without_a_node_or_an_agent_is_refused(api: Api) -> None:
    await api.post(api.path("pods"), pod("waiting"))
    await api.post(api.path("pods"), pod("lost", nodeName="nowhere"))
    query = {"command": "ls", "stdout": "true"}

    waiting = await api.refusal("POST", api.path("pods", "waiting", "exec"), query=query, headers=UPGRADE)
    lost = await api.refusal("POST", api.path("pods", "lost", "exec"), query=query, headers=UPGRADE)
    absent = await api.refusal("POST", api.path("pods", "none", "exec"), query=query, headers=UPGRADE)

    assert (waiting.code, waiting.message) == (400, "pod waiting does not have a host assigned")
    assert lost.code == 503
    assert absent.code == 404


async def test_refused_upgrade_ends_the_connection_and_leaves_no_noise(api_server: ApiServer) -> None:
    connector = aiohttp.UnixConnector(str(api_server.socket))
    async with aiohttp.ClientSession("http://kubernel", connector=connector) as http:
        async with http.post("/api/v1/namespaces/default/pods/none/exec", headers=UPGRADE) as refused:
            code, connection = refused.status, refused.headers["Connection"]
        async with http.get("/version") as after:
            assert after.status == 200

    assert (code, connection) == (400, "close")
    assert "WebSocket library" not in api_server.log


async def test_port_forward_checks_its_ports(api: Api) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))

    error = await api.refusal("POST", api.path("pods", "web", "portforward"), query={"ports": "0"})

    assert (error.code, error.causes[0].field) == (422, "ports")


async def test_reading_a_pod_is_not_enough_to_run_commands_in_it(api: Api) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))

    query = {"command": "ls", "stdout": "true"}
    error = await api.refusal(
        "GET", api.path("pods", "web", "exec"), query=query, headers={**UPGRADE, "Impersonate-User": "jane"}
    )

    assert error.code == 403


async def test_server_that_stops_ends_the_streams(api_server: ApiServer, tmp_path: Path) -> None:
    async with api_server.client() as client:
        api = Api(client, "default")
        await api.post(api.path("pods"), pod("web", nodeName="agented"))
        connector = aiohttp.UnixConnector(str(api_server.socket))
        async with (
            agent_of(api, "agented", tmp_path),
            aiohttp.ClientSession("http://kubernel", connector=connector) as http,
            http.ws_connect(api.path("pods", "web", "attach?stdout=true")) as socket,
        ):
            await socket.receive_str(timeout=5)
            api_server.stop()
            ended = await socket.receive(timeout=5)
            api_server.start()

    assert ended.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR, aiohttp.WSMsgType.CLOSE}


@pytest.mark.parametrize(
    ("query", "code", "why"),
    [
        ({"tailLines": "-1"}, 422, "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ({"limitBytes": "0"}, 422, "limitBytes: Invalid value: 0: must be greater than 0"),
        ({"sinceSeconds": "0"}, 422, "sinceSeconds: Invalid value: 0: must be greater than 0"),
        (
            {"sinceSeconds": "1", "sinceTime": "2026-01-01T00:00:00Z"},
            422,
            "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
        ),
        ({"sinceTime": "yesterday"}, 400, "cannot parse"),
        ({"tailLines": "few"}, 400, 'strconv.ParseInt: parsing "few": invalid syntax'),
        ({"stream": "stdout"}, 422, 'stream: Unsupported value: "stdout": supported values: "All", "Stdout", "Stderr"'),
        (
            {"stream": "Stdout", "tailLines": "1"},
            422,
            "`tailLines` and specific `stream` are mutually exclusive for now",
        ),
        ({"container": "x"}, 400, "container x is not valid for pod web"),
    ],
)
async def test_log_options_are_checked(api: Api, query: dict[str, str], code: int, why: str) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))

    error = await api.refusal("GET", api.path("pods", "web", "log"), query=query)

    assert error.code == code
    assert why in error.message
