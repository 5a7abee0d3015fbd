"""Requests in one namespace; refusals as sentences."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError

Plain = dict[str, Any]


@dataclass(frozen=True)
class Namespace:
    """A namespace and a client."""

    client: Client
    name: str

    def path(self, plural: str, group: str = "") -> str:
        """Return the path of a collection."""
        root = f"/apis/{group}" if group else "/api/v1"
        return f"{root}/namespaces/{self.name}/{plural}"

    async def create(self, plural: str, body: Plain, group: str = "", query: str = "") -> Plain:
        """Create an object."""
        answer = await self.client.request("POST", self.path(plural, group) + query, body=body)
        made: Plain = json.loads(answer.body)
        return made

    async def refusal(self, plural: str, body: Plain, group: str = "") -> str:
        """Create an object that must be refused by a quota."""
        with pytest.raises(StatusError) as caught:
            await self.create(plural, body, group)
        assert (caught.value.code, caught.value.reason) == (403, "Forbidden"), caught.value
        return caught.value.message

    async def quota(self, name: str = "q", **spec: object) -> None:
        """Create a quota."""
        await self.create("resourcequotas", {"metadata": {"name": name}, "spec": spec})

    async def delete(self, plural: str, name: str) -> None:
        """Delete an object at once."""
        options = {"gracePeriodSeconds": 0}
        await self.client.request("DELETE", f"{self.path(plural)}/{name}", body=json.dumps(options).encode())


def pod(name: str, requests: Plain | None = None, limits: Plain | None = None, **spec: object) -> Plain:
    """Return a pod of one container."""
    resources = {**({"requests": requests} if requests else {}), **({"limits": limits} if limits else {})}
    container = {"name": "c", "image": "host", "resources": resources}
    return {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def config_map(name: str) -> Plain:
    """Return an empty config map."""
    return {"metadata": {"name": name}}
