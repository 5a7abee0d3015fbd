"""Over TLS both sides prove who they are, and a stranger is unreachable."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml
from kubernel.client import Client, Unreachable

KeyPair = tuple[bytes, bytes]


@asynccontextmanager
async def _tls_server(folder: Path, pair: KeyPair) -> AsyncIterator[int]:
    """Serve on TLS with a mandatory client certificate; the answer is the client's name and its User-Agent."""
    (folder / "server.pem").write_bytes(pair[1] + pair[0])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=pair[1].decode())
    context.load_cert_chain(folder / "server.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        agent = next(line for line in head.splitlines() if line.startswith("User-Agent"))
        name = dict(pairs[0] for pairs in writer.get_extra_info("peercert")["subject"])["commonName"]
        body = f"{name}; {agent}".encode()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _kubeconfig(folder: Path, port: int, pair: KeyPair, *, trusts: bool) -> Path:
    key, certificate = (base64.b64encode(part).decode() for part in pair)
    cluster = {"server": f"https://127.0.0.1:{port}"} | ({"certificate-authority-data": certificate} if trusts else {})
    config = {
        "current-context": "x",
        "clusters": [{"name": "x", "cluster": cluster}],
        "users": [{"name": "x", "user": {"client-certificate-data": certificate, "client-key-data": key}}],
        "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path


async def test_client_shows_its_certificate_and_trusts_the_ca(tmp_path: Path, key_and_certificate: KeyPair) -> None:
    async with _tls_server(tmp_path, key_and_certificate) as port:
        path = _kubeconfig(tmp_path, port, key_and_certificate, trusts=True)
        async with Client.from_kubeconfig(path, user_agent="test/1") as client:
            answer = await client.request("GET", "/")

    assert answer.body == b"admin; User-Agent: test/1"


async def test_server_of_an_unknown_ca_is_unreachable(tmp_path: Path, key_and_certificate: KeyPair) -> None:
    async with _tls_server(tmp_path, key_and_certificate) as port:
        path = _kubeconfig(tmp_path, port, key_and_certificate, trusts=False)
        async with Client.from_kubeconfig(path, user_agent="test/1") as client:
            with pytest.raises(Unreachable, match="certificate verify failed"):
                await client.request("GET", "/")
