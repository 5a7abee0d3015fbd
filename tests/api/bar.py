"""A server of somebody else's group of the API, for tests: it has drinks, and says what they are."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.api.webhook_server import Plain, end

RESOURCES = [
    {"name": "drinks", "singularName": "drink", "namespaced": True, "kind": "Drink", "verbs": ["list", "watch"]},
    {"name": "drinks/taste", "singularName": "", "namespaced": True, "kind": "Taste", "verbs": ["create"]},
]


def document(group: str) -> Plain:
    """Return an OpenAPI document as an API server has it: what there is to drink."""
    gvk = {"group": group, "version": "v1", "kind": "Drink"}
    name = f"{'.'.join(reversed(group.split('.')))}.v1.Drink"
    answer = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    listing = {
        "operationId": "listDrink",
        "responses": {"200": {"description": "OK", **answer}},
        "x-kubernetes-action": "list",
        "x-kubernetes-group-version-kind": gvk,
    }
    litres = {"type": "integer", "description": "How much there is of it."}
    drink = {
        "type": "object",
        "description": "Something to drink.",
        "properties": {"litres": litres},
        "x-kubernetes-group-version-kind": [gvk],
    }
    return {
        "openapi": "3.0.0",
        "info": {"title": "Bar", "version": "v1"},
        "paths": {f"/apis/{group}/v1/namespaces/{{namespace}}/drinks": {"get": listing}},
        "components": {"schemas": {name: drink}},
    }


class Bar:
    """An API server of its own: a list, a watch, an echo of what came in."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.seen: list[dict[str, Any]] = []
        self.events: asyncio.Queue[Plain | None] = asyncio.Queue()
        self.digest = "ABC123"
        self.may_describe = asyncio.Event()
        self.may_describe.set()

    @asynccontextmanager
    async def run(self, make_site: Any) -> AsyncIterator[int]:
        app = web.Application()
        app.router.add_route("GET", "/openapi/v3{rest:.*}", self._answer)
        app.router.add_route("*", f"/apis/{self.group}/v1{{rest:.*}}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await make_site(runner).start()
        address = runner.addresses[0]
        try:
            yield address[1] if isinstance(address, tuple) else 0
        finally:
            await end(runner)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append({"path": request.path_qs, "headers": request.headers.copy(), "body": body})
        if request.path.startswith("/openapi/v3"):
            return await self._describe(request)
        if request.path == f"/apis/{self.group}/v1":
            listed = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{self.group}/v1"}
            return web.json_response({**listed, "resources": RESOURCES})
        if request.query.get("watch"):
            return await self._watch(request)
        if request.path.endswith("/none"):
            status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            return web.json_response({**status, "message": "no such drink"}, status=404)
        return web.json_response({"kind": "DrinkList", "apiVersion": f"{self.group}/v1", "metadata": {}, "items": []})

    async def _describe(self, request: web.Request) -> web.StreamResponse:
        """Answer with the index of OpenAPI, or with the document."""
        path, digest = f"apis/{self.group}/v1", self.digest
        if request.path == "/openapi/v3":
            entry = {"serverRelativeURL": f"/openapi/v3/{path}?hash={digest}"}
            return web.json_response({"paths": {path: entry} if digest else {}})
        await self.may_describe.wait()
        return web.json_response(document(self.group), headers={"ETag": f'"{digest}"'})

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while (event := await self.events.get()) is not None:
            await response.write(json.dumps(event).encode() + b"\n")
        return response
