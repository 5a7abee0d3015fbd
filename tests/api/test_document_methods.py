"""Which methods and which forms the documents have: health, discovery, OpenAPI and the rest beside resources."""

import aiohttp
import pytest
import yaml
from kubernel.testing import ApiServer

from tests.api.calls import Api
from tests.api.sockets import request, send

ONCE_EACH = ["/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1", "/version", "/openid/v1/jwks"]
ALSO_HEAD = ["/healthz", "/livez", "/readyz", "/metrics", "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/apps/v1"]


@pytest.mark.parametrize("path", ALSO_HEAD)
async def test_head_is_a_get_without_a_body(shared_server: ApiServer, path: str) -> None:
    connector = aiohttp.UnixConnector(str(shared_server.socket))
    async with aiohttp.ClientSession("http://kubernel", connector=connector) as session:
        told = await session.head(path)
        body = await told.read()
        got = await session.get(path)
        await got.read()

        assert (told.status, body, got.status) == (200, b"", 200)
        assert told.headers["Content-Type"] == got.headers["Content-Type"]
        assert told.headers.get("ETag") == got.headers.get("ETag")


@pytest.mark.parametrize("path", [*ONCE_EACH, "/api/v1/pods", "/api/v1/namespaces/default"])
def test_head_is_refused_where_kubernetes_refuses_it(shared_server: ApiServer, path: str) -> None:
    heard = send(shared_server.socket, request("HEAD", path, b"", "", "Connection: close"))

    assert (heard.code, heard.body) == (405, b"")
    assert "HEAD" not in heard.headers["allow"]


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", [*ONCE_EACH, *ALSO_HEAD])
def test_other_methods_are_refused_with_those_that_there_are(shared_server: ApiServer, method: str, path: str) -> None:
    heard = send(shared_server.socket, request(method, path))

    assert (heard.code, heard.body["kind"], heard.body["reason"]) == (405, "Status", "MethodNotAllowed")
    assert heard.body["message"] == "the server does not allow this method on the requested resource"
    assert heard.headers["allow"] == ("GET, HEAD" if path in ALSO_HEAD else "GET")


def test_options_of_a_path_of_nothing_is_not_found(shared_server: ApiServer) -> None:
    heard = send(shared_server.socket, request("OPTIONS", "/nothing"))

    assert (heard.code, heard.body["reason"]) == (404, "NotFound")


NEGOTIATED = ["/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1", "/openapi/v2", "/openapi/v3/api/v1"]


@pytest.mark.parametrize("path", NEGOTIATED)
async def test_document_in_no_form_that_is_accepted_is_refused(api: Api, path: str) -> None:
    refusal = await api.refusal("GET", path, accept="text/html")

    assert (refusal.code, refusal.reason) == (406, "NotAcceptable")
    assert refusal.message.startswith("only the following media types are accepted: application/json")


@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "application/*", "application/vnd.kubernetes.protobuf"])
@pytest.mark.parametrize("path", ["/api", "/apis/apps/v1"])
async def test_discovery_is_json_for_everybody_else(api: Api, path: str, accept: str) -> None:
    said = await api.send("GET", path, accept=accept)

    assert (said.code, said.headers["content-type"]) == (200, "application/json")


async def test_discovery_is_yaml_for_who_wants_it_with_a_tag_of_its_own(api: Api) -> None:
    as_json = await api.send("GET", "/apis/apps/v1")
    answer = await api.client.request("GET", "/apis/apps/v1", accept="application/yaml")

    assert answer.headers["Content-Type"] == "application/yaml"
    assert yaml.safe_load(answer.body) == as_json.body
    assert answer.headers["ETag"] != as_json.headers["etag"]
