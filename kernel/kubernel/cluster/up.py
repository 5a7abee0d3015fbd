"""``kubernel up``: check the ground, start the API server, load everything, and become two: zygote and supervisor.

The order is what makes it quick. The API server needs most time, so it is forked first and imports what it needs
while this process imports the rest. Then this process forks the supervisor and stays what it is by now: a zygote.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime

from kubernel.cluster.api_server import TOKENS
from kubernel.cluster.detach import run_detached
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.installed import require_installed
from kubernel.cluster.order import FirstApi, Order
from kubernel.cluster.preloading import preload
from kubernel.cluster.processes.birth import die_with_parent, fork_program
from kubernel.cluster.processes.zygote import Zygote
from kubernel.cluster.settings import SILENT, Progress, UpSettings
from kubernel.cluster.state.credentials import ensure_token, write_kubeconfig
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.lock import DataLock
from kubernel.cluster.state.memory import recall, remember
from kubernel.cluster.state.pki import Pki
from kubernel.cluster.state.port import require_free

__all__ = ["up"]

EXIT_FAILED = 1


def up(settings: UpSettings, progress: Progress = SILENT) -> int:
    """Run a cluster: until a signal stops it, or, detached, until it is ready.

    Args:
        settings: What to start.
        progress: Is told each step, readiness, and a failure after the first check.

    Returns:
        The exit code: 0 when the cluster was stopped in order or is ready and detached, else 1.

    Raises:
        ClusterError: It cannot be started on this directory, with this port or with these plugins; nothing was
            started or changed.
    """
    started = time.monotonic()
    data = DataDir(settings.data.expanduser().absolute())
    require_installed(settings.drivers)
    data.prepare()
    with DataLock(data.pid_file) as lock:
        shape = recall(data.memory, settings)
        require_free(shape.host, shape.port)
        _write_credentials(data, shape.host, shape.url)
        remember(data.memory, shape)
        data.clear_run()
        order = Order(data, shape, settings, os.getpid(), started)
        if not settings.detach:
            return _run(order, progress)
        return run_detached(lambda pid, distant: _run(replace(order, pid=pid), distant), lock, progress)


def _write_credentials(data: DataDir, host: str, url: str) -> None:
    try:
        pki = Pki(data.pki)
        pki.ensure(host, datetime.now(UTC))
        write_kubeconfig(data.kubeconfig, url, pki, ensure_token(data.pki / TOKENS))
    except OSError as error:
        raise ClusterError(f"the keys in {data.pki} cannot be written: {error.strerror or error}") from error


def _run(order: Order, progress: Progress) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    gc.disable()  # objects that the collector never touches stay shared between the forks
    first = _start_api(order)
    preload()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    gc.freeze()
    zygote = os.getpid()
    supervisor = os.fork()
    if not supervisor:
        ours.close()
        _become_supervisor(order, theirs, first, progress, zygote)
    theirs.close()
    os.close(first.output_fd)
    nursery = Zygote(ours)
    nursery.adopt(first.pid)
    return 0 if nursery.serve(supervisor) == 0 else EXIT_FAILED


def _start_api(order: Order) -> FirstApi:
    output, written = os.pipe()
    nothing = os.open(os.devnull, os.O_WRONLY)
    pid = fork_program(order.api, written, nothing)
    os.close(written)
    os.close(nothing)
    return FirstApi(pid, output)


def _become_supervisor(order: Order, control: socket.socket, first: FirstApi, progress: Progress, zygote: int) -> None:
    """Never returns: this is the fork, and what the caller's stack wants to do next is the zygote's."""
    code = EXIT_FAILED
    try:
        die_with_parent(zygote)
        gc.enable()
        code = asyncio.run(_supervise(order, control, first, progress))
    except BaseException:  # noqa: BLE001 - see above
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


async def _supervise(order: Order, control: socket.socket, first: FirstApi, progress: Progress) -> int:
    from kubernel.cluster.supervisor import supervise  # noqa: PLC0415 - the API server must not wait for its import

    return await supervise(order, control, first, progress)
