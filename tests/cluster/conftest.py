"""Real parts of a cluster without the command that starts them: a zygote, an API server, a place for data."""

import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from kubernel.client import Client
from kubernel.cluster.processes.logbook import Logbook
from kubernel.cluster.processes.nursery import Nursery
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.units.launch import Launcher
from kubernel.testing import ApiServer

from tests.shelf import Shelf

_ZYGOTE = """
import os, socket, sys
from kubernel.cluster.processes.zygote import Zygote
import kubernel.host.main, kubernel.host.checking
Zygote(socket.socket(fileno=int(sys.argv[1]))).serve(os.getppid())
"""


@pytest.fixture
def data() -> Iterator[DataDir]:
    """A prepared data directory with a short path: sockets are made in it."""
    path = Path(mkdtemp(prefix="kbl-"))
    directory = DataDir(path / "data")
    directory.prepare()
    yield directory
    shutil.rmtree(path)


@pytest.fixture
def logbook(data: DataDir) -> Iterator[Logbook]:
    """A logbook that shows nothing."""
    book = Logbook(data.logs, None, logging.WARNING)
    yield book
    book.close()


@pytest.fixture
async def nursery(shelf: Shelf) -> AsyncIterator[Nursery]:
    """A nursery with a real zygote whose processes find what is on the shelf."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {**os.environ, "PYTHONPATH": str(shelf.path)}
    command = [sys.executable, "-c", _ZYGOTE, str(theirs.fileno())]
    process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])  # noqa: ASYNC220 - forks at once
    theirs.close()
    nursery = Nursery(ours)
    yield nursery
    nursery.close()
    process.kill()  # its children follow: the kernel tells them
    process.wait()


@pytest.fixture
def launcher(nursery: Nursery, logbook: Logbook) -> Launcher:
    """What starts hosts."""
    return Launcher(nursery, logbook)


@pytest.fixture
def listening(data: DataDir) -> Iterator[socket.socket]:
    """Somebody who listens where hosts expect the API server, for those that never ask it anything."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(data.api_socket))
        server.listen()
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """An API server that the tests of a module share; each cleans up after itself."""
    with ApiServer(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture
async def api(data: DataDir, server: ApiServer) -> AsyncIterator[Client]:
    """A client of the API server, which hosts find where they look."""
    data.api_socket.symlink_to(server.socket)
    async with server.client("kubernel-supervisor/test") as client:
        yield client
