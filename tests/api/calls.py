"""Raw requests for tests: plain JSON in and out, refusals as values."""

import json
from dataclasses import dataclass
from typing import Any

from kubernel.client import Client
from kubernel.objects.errors import StatusError

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its code, its decoded body, its headers in lower case."""

    code: int
    body: Plain
    headers: dict[str, str]


class Api:
    """Sends requests; `refusal` expects one to be refused."""

    def __init__(self, client: Client, namespace: str) -> None:
        self.client = client
        self.namespace = namespace

    def path(self, plural: str, *rest: str) -> str:
        """Return the path of something in the test's namespace."""
        return "/".join([f"/api/v1/namespaces/{self.namespace}/{plural}", *rest])

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> Said:
        """Send any request."""
        answer = await self.client.request(method, path, body=body, **options)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Said(answer.status, json.loads(answer.body) if answer.body else {}, headers)

    async def get(self, path: str, **options: Any) -> Plain:
        """GET and return the body."""
        return (await self.send("GET", path, **options)).body

    async def stored(self, path: str) -> Plain:
        """GET one object as it is stored: without the owners that are worked out for who asks for it alone."""
        found = await self.get(path)
        found["metadata"].pop("managedFields", None)
        return found

    async def post(self, path: str, body: Any, **options: Any) -> Plain:
        """POST and return the body."""
        return (await self.send("POST", path, body, **options)).body

    async def refusal(self, method: str, path: str, body: Any = None, **options: Any) -> StatusError:
        """Send a request that must be refused and return the refusal."""
        try:
            answer = await self.client.request(method, path, body=body, **options)
        except StatusError as error:
            return error
        raise AssertionError(f"{method} {path} was not refused: {answer.status} {answer.body[:300]!r}")


def pod(name: str, **spec: Any) -> Plain:
    """Return a small pod."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "web"}},
        "spec": {"containers": [{"name": "main", "image": "host"}], **spec},
    }


def config_map(name: str, **data: str) -> Plain:
    """Return a config map."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def controller(name: str, replicas: int) -> Plain:
    """Return a replication controller."""
    template = {"metadata": {"labels": {"app": name}}, "spec": pod("x")["spec"]}
    spec = {"replicas": replicas, "selector": {"app": name}, "template": template}
    return {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": name}, "spec": spec}
