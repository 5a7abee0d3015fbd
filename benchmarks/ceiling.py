"""The bare ceiling of a durable create: Falcon, msgspec, grouped SQLite commits, and nothing else.

No authentication, no validation, no cache, no watchers: what any API server of these parts must at least do.
Run as ``python ceiling.py DIRECTORY``; listens on ``DIRECTORY/api.sock``.
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import falcon.asgi
import msgspec
from falcon.asgi import Request, Response
from gunicorn.app.base import BaseApplication
from kubernel.objects.models import core, meta_of
from uvicorn_worker import UvicornWorker

WORKER = sys.argv[2] if len(sys.argv) > 2 else "uvicorn"
"""``gunicorn`` measures gunicorn's own ASGI worker instead (decision 0002)."""


class Worker(UvicornWorker):
    """The same worker class and settings as the kernel's."""

    CONFIG_KWARGS: dict[str, Any] = {  # noqa: RUF012
        "loop": "uvloop",
        "http": "httptools",
        "ws": "none",
        "access_log": False,
        "server_header": False,
        "date_header": False,
    }


class Pods:
    """POST decodes, encodes and commits; GET answers from memory."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE log (revision INTEGER PRIMARY KEY, key TEXT, data BLOB)",
        ):
            self._db.execute(statement)
        self._decoder, self._encoder = msgspec.json.Decoder(core.Pod), msgspec.json.Encoder()
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[tuple[str, bytes], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def on_post(self, req: Request, resp: Response) -> None:
        """Create."""
        pod = self._decoder.decode(await req.stream.read())
        data = self._encoder.encode(pod)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((meta_of(pod).name or "", data), future))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._commit())
        await future
        resp.status, resp.data, resp.content_type = 201, data, "application/json"

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO log (key, data) VALUES (?, ?)", [row for row, _ in batch])
            await loop.run_in_executor(self._thread, self._db.commit)
            for _, future in batch:
                future.set_result(None)
        self._task = None


class Trivial:
    """Answers with two bytes."""

    async def on_get(self, _req: Request, resp: Response) -> None:
        """Answer."""
        resp.data = b"ok"


class Joined:
    """Joins and sends so many items of so many bytes: what a list must at least do."""

    def __init__(self) -> None:
        self._items: list[bytes] = []

    async def on_get(self, req: Request, resp: Response) -> None:
        """List."""
        count, size = req.get_param_as_int("items", required=True), req.get_param_as_int("bytes", required=True)
        if len(self._items) != count:
            self._items = [b"%d" % i + b"x" * (size - len(str(i)) - 1) for i in range(count)]
        resp.data, resp.content_type = b",".join(self._items), "application/json"


class Server(BaseApplication):
    """Gunicorn around it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        super().__init__()  # type: ignore[no-untyped-call]  # gunicorn is partly typed

    def load_config(self) -> None:
        """One worker on the socket."""
        options = {
            "bind": f"unix:{self._directory / 'api.sock'}",
            "worker_class": "asgi" if WORKER == "gunicorn" else Worker,
            "keepalive": 120,
            "loglevel": "warning",
            "control_socket_disable": True,
            "asgi_loop": "uvloop",
        }
        assert self.cfg is not None
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> falcon.asgi.App:
        """Make the application."""
        app: falcon.asgi.App = falcon.asgi.App()
        app.add_route("/joined", Joined())
        app.add_route("/trivial", Trivial())
        app.add_route("/pods", Pods(self._directory / "ceiling.db"))
        return app


if __name__ == "__main__":
    Server(Path(sys.argv[1])).run()  # type: ignore[no-untyped-call]
