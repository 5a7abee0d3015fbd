"""HTTPS servers for tests: a certificate authority, and a webhook that answers as the test wants."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Plain = dict[str, Any]
Answer = Callable[[Plain], Plain | Awaitable[Plain]]
"""Takes the request of an AdmissionReview, gives the response without its uid."""


class Authority:
    """Signs one server's certificate."""

    def __init__(self, *names: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._sign(self._name, self._key, names=(), is_authority=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        self.server = self._sign(subject, key, names=names, is_authority=False) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def bundle(self) -> str:
        """The authority's certificate, as ``caBundle`` has it."""
        return base64.b64encode(self.certificate).decode()

    def context(self) -> ssl.SSLContext:
        """Return what a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            path = Path(folder, "server.pem")
            path.write_bytes(self.server)
            context.load_cert_chain(path)
        return context

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, names: tuple[str, ...], is_authority: bool
    ) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            alternatives = [_alternative(name) for name in names]
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _alternative(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)


@dataclass
class WebhookServer:
    """A running webhook.

    Attributes:
        url: Where it is.
        bundle: What its certificate is checked with.
        requests: What it was asked, in order.
        paths: The paths and queries of these.
        was_asked: Set when the first request is there.
    """

    url: str
    bundle: str
    answer: Answer
    requests: list[Plain] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1."""
        return int(self.url.rpartition(":")[2].partition("/")[0])

    def client(self, path: str = "/judge") -> Plain:
        """Return the client configuration that leads here."""
        return {"url": f"{self.url}{path}", "caBundle": self.bundle}


async def end(runner: web.AppRunner) -> None:
    """End a server with its connections: closing one politely over TLS would outlast the test's event loop."""
    connections = runner.server.connections if runner.server is not None else []
    transports = [connection.transport for connection in connections if connection.transport is not None]
    await runner.cleanup()
    for transport in transports:
        transport.abort()
    for _ in range(3):  # the loop's turns in which they are let go
        await asyncio.sleep(0)


@asynccontextmanager
async def webhook_server(answer: Answer, *names: str) -> AsyncIterator[WebhookServer]:
    """Run a webhook on 127.0.0.1; its certificate names that address, or ``names``."""
    authority = Authority(*(names or ("127.0.0.1",)))

    async def judge(request: web.Request) -> web.Response:
        review = json.loads(await request.read())
        server.requests.append(review["request"])
        server.paths.append(request.path_qs)
        server.was_asked.set()
        said = server.answer(review["request"])
        response = await said if isinstance(said, Awaitable) else said
        if "raw" in response:
            return web.Response(status=response.get("code", 200), text=response["raw"])
        body = {"apiVersion": review["apiVersion"], "kind": review["kind"]}
        answer = web.json_response({**body, "response": {"uid": review["request"]["uid"], **response}})
        answer.force_close()  # nothing is open any more when the test ends
        return answer

    app = web.Application(client_max_size=2**24)
    app.router.add_post("/{path:.*}", judge)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority.context())
    await site.start()
    port = runner.addresses[0][1]
    server = WebhookServer(f"https://127.0.0.1:{port}", authority.bundle, answer)
    try:
        yield server
    finally:
        await end(runner)


def allow(_request: Plain) -> Plain:
    """Allow everything."""
    return {"allowed": True}


def patching(*operations: Plain) -> Answer:
    """Return what answers with a JSON Patch."""
    patch = base64.b64encode(json.dumps(operations).encode()).decode()
    return lambda _request: {"allowed": True, "patchType": "JSONPatch", "patch": patch}


def rule(*resources: str, groups: tuple[str, ...] = ("",), operations: tuple[str, ...] = ("CREATE",)) -> Plain:
    """Return a rule over resources of version v1."""
    return {
        "apiGroups": list(groups),
        "apiVersions": ["v1"],
        "resources": list(resources),
        "operations": list(operations),
        "scope": "*",
    }


def webhook(name: str, client: Plain, *rules: Plain, namespace: str, **fields: Any) -> Plain:
    """Return a webhook that is asked about the objects of one namespace."""
    return {
        "name": name,
        "clientConfig": client,
        "rules": list(rules),
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        **fields,
    }
