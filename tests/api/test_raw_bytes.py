"""What no client library would send: every answer is a Status below 500, and the server goes on."""

import json
import socket

import pytest
from kubernel.objects.bounds import MAX_DEPTH
from kubernel.testing import ApiServer

from tests.api.calls import config_map
from tests.api.sockets import Heard, request, send

HERE = "/api/v1/namespaces/default/configmaps"
YAML, PROTOBUF, MERGE = "application/yaml", "application/vnd.kubernetes.protobuf", "application/merge-patch+json"
CHUNKED = (
    f"POST {HERE} HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
)
ENTRIES = {f"key-{i}": "v" for i in range(10_000)}


def _status(heard: Heard) -> tuple[int, str]:
    """Return the code and the reason, of a Status that agrees with its HTTP code."""
    assert (heard.body["kind"], heard.body["code"]) == ("Status", heard.code)
    return heard.code, heard.body["reason"]


@pytest.mark.parametrize(
    ("method", "path", "code", "allowed"),
    [
        ("PUT", HERE, 405, "DELETE, GET, POST"),
        ("OPTIONS", HERE, 405, "DELETE, GET, POST"),
        ("POST", f"{HERE}/a", 405, "DELETE, GET, PATCH, PUT"),
        ("POST", "/api/v1/pods", 405, "DELETE, GET"),
        ("POST", "/version", 405, "GET"),
        ("GET", "/api/v1/namespaces/default/pods/a/binding", 405, "POST"),
    ],
)
def test_wrong_method_is_refused_with_those_that_there_are(
    shared_server: ApiServer, method: str, path: str, code: int, allowed: str
) -> None:
    heard = send(shared_server.socket, request(method, path))

    assert _status(heard) == (code, "MethodNotAllowed")
    assert heard.headers["allow"] == allowed


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "HEAD"])
def test_method_of_nobody_is_refused(shared_server: ApiServer, method: str) -> None:
    heard = send(shared_server.socket, request(method, HERE, b"", "", "Connection: close"))

    assert (heard.code, "allow" in heard.headers) == (405, True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{HERE}/a%2Fb", 404),
        (f"{HERE}/%2e%2e", 404),
        (f"{HERE}/../configmaps", 404),
        (f"{HERE}/%00", 404),
        (f"{HERE}/%ff", 404),
        (f"{HERE}/a/b/c/d", 404),
        ("//api/v1/pods", 404),
        ("/api/v1//pods", 404),
        ("/api/v1/namespaces//pods", 404),
        ("/%", 404),
        ("*", 404),
        ("/api/v1/pods?limit=x", 400),
        ("/api/v1/pods?limit=-1", 400),
        ("/api/v1/pods?watch=perhaps", 400),
        ("/api/v1/pods?labelSelector=%ff", 400),
        ("/api/v1/pods?resourceVersion=99999999999999999999", 400),
        (f"/{'a' * 300_000}", 431),
    ],
)
def test_odd_path_is_refused(shared_server: ApiServer, path: str, code: int) -> None:
    assert _status(send(shared_server.socket, request("GET", path)))[0] == code


@pytest.mark.parametrize("query", ["", "limit=1&limit=x", "limit=", "unknown=1", "a=%zz", "&&=", "fieldSelector="])
def test_odd_query_that_means_nothing_is_taken(shared_server: ApiServer, query: str) -> None:
    assert send(shared_server.socket, request("GET", f"{HERE}?{query}")).code == 200


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x16\x03\x01\x02\x00 no HTTP\r\n\r\n", 400),
        (f"FOO {HERE} HTTP/1.1\r\nHost: k\r\n\r\n".encode(), 400),
        (f"GET {HERE}/\xff HTTP/1.1\r\nHost: k\r\n\r\n".encode("latin1"), 400),
        (f"POST {HERE} HTTP/1.1\r\nHost: k\r\nContent-Length: many\r\n\r\n".encode(), 400),
        (f"POST {HERE} HTTP/1.1\r\nHost: k\r\nContent-Length: 1\r\n".encode() + CHUNKED.partition(b"\r\n")[2], 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 50_000, 431),
    ],
)
def test_what_is_no_request_is_refused(shared_server: ApiServer, data: bytes, code: int) -> None:
    assert _status(send(shared_server.socket, data))[0] == code


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"[" * 3_000_000, "application/json", 413),
        (b'{"a":' * 1000, "application/json", 400),
        (b'{"metadata":{"finalizers":[' + b'"",' * 900_000 + b'""]}}', "application/json", 413),
        (b'{"a":[' + b"[]," * 900_000 + b"[]]}", "application/json", 413),
        (b"x" * (3 * 2**20 + 1), "application/json", 413),
        (b'{"metadata":{"generation":' + b"9" * 2_000_000 + b"}}", "application/json", 400),
        (b"\0", "application/json", 400),
        (b'"\xff"', "application/json", 400),
        (b'{"kind":"List","apiVersion":"v1","items":[]}', "application/json", 400),
        (b'{"kind":"ConfigMapList","apiVersion":"v1","items":[]}', "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 100_000, YAML, 400),
        (b"".join(b"k%d: v\n" % i for i in range(200_000)), YAML, 413),
        (b"a: &a [x]\nb: [*a, *a]", YAML, 400),
        (b"a: 1\n---\nb: 2", YAML, 400),
        (b"k8s\0\x12\x80\x80\x80\x01" + b"\x0a\x00" * 2**20, PROTOBUF, 413),
        (b"k8s\0\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", PROTOBUF, 400),
        (b"\xd9\xd9\xf7\xa0", "application/cbor", 415),
        (b"<a/>", "text/xml", 415),
    ],
)
def test_bad_body_is_refused(shared_server: ApiServer, body: bytes, content_type: str, code: int) -> None:
    assert _status(send(shared_server.socket, request("POST", HERE, body, content_type)))[0] == code
    assert send(shared_server.socket, request("GET", "/readyz")).code == 200


def test_too_large_a_body_in_chunks_is_refused(shared_server: ApiServer) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"

    assert _status(send(shared_server.socket, CHUNKED + chunk * 60))[0] == 413


@pytest.mark.parametrize("length", [b"Content-Length: 900", b"Transfer-Encoding: chunked"])
def test_half_a_body_is_no_body(shared_server: ApiServer, length: bytes) -> None:
    text = b"metadata: {name: half}\n"
    body = b"%x\r\n%s\r\n" % (len(text), text) if b"chunked" in length else text
    head = f"POST {HERE} HTTP/1.1\r\nHost: k\r\nContent-Type: {YAML}\r\n".encode() + length

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(shared_server.socket))
        connection.sendall(head + b"\r\n\r\n" + body)

    # What was sent on another connection later is answered later.
    for _ in range(5):
        assert send(shared_server.socket, request("GET", f"{HERE}/half")).code == 404


def test_compressed_body_is_refused(shared_server: ApiServer) -> None:
    heard = send(shared_server.socket, request("POST", HERE, b"\x1f\x8b", "application/json", "Content-Encoding: gzip"))

    assert _status(heard) == (415, "UnsupportedMediaType")


def test_ten_thousand_labels_are_checked_and_stored(shared_server: ApiServer) -> None:
    body = config_map("labelled")
    body["metadata"]["labels"] = ENTRIES

    assert send(shared_server.socket, request("POST", HERE, json.dumps(body).encode())).code == 201


def test_ten_thousand_wrong_labels_are_refused_with_a_thousand_causes(shared_server: ApiServer) -> None:
    body = config_map("wrong")
    body["metadata"]["labels"] = {f"{key} ": "v v" for key in ENTRIES}

    heard = send(shared_server.socket, request("POST", HERE, json.dumps(body).encode()))

    assert _status(heard) == (422, "Invalid")
    assert len(heard.body["details"]["causes"]) == 1000


def test_deep_patch_is_refused(shared_server: ApiServer) -> None:
    body = b'{"a":' * (MAX_DEPTH + 1)

    assert _status(send(shared_server.socket, request("PATCH", f"{HERE}/x", body, MERGE)))[0] in (400, 404)
