"""The API server's process: checks that it can start, then runs gunicorn until a signal ends it."""

import contextlib
import gc
import ssl
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from kubernel.api.http.application import Application
from kubernel.api.http.worker import ApiWorker
from kubernel.api.settings import ServerSettings
from kubernel.store import NewerData, StoreUnavailable, open_log, sqlite_url

__all__ = ["CANNOT_START", "ServerSettings", "serve"]

CANNOT_START = 4
"""The exit code when starting again would not help: the sentence on standard error says what would."""

_KEEP_ALIVE_S = 120
_WORKER_SILENCE_S = 60


class _Gunicorn(BaseApplication):
    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        super().__init__()  # type: ignore[no-untyped-call]  # gunicorn is partly typed

    def load_config(self) -> None:
        settings = self._settings
        binds = [f"unix:{settings.socket}"]
        if settings.port is not None:
            binds.append(f"{settings.host}:{settings.port}")
        options: dict[str, Any] = {
            "bind": binds,
            "worker_class": ApiWorker,
            "workers": 1,
            "umask": 0o077,
            "keepalive": _KEEP_ALIVE_S,
            "timeout": _WORKER_SILENCE_S,
            "graceful_timeout": settings.drain_s,
            "control_socket_disable": True,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm",  # noqa: S108 - gunicorn's heartbeat file must not touch a disk
            "proc_name": "kubernel-api",
            "when_ready": lambda _arbiter: settings.socket.chmod(0o600),
        }
        if settings.port is not None:
            options |= {
                "certfile": str(settings.tls_cert),
                "keyfile": str(settings.tls_key),
                "ca_certs": str(settings.client_ca),
                "cert_reqs": ssl.CERT_OPTIONAL,
            }
        assert self.cfg is not None
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        return Application(self._settings)


def serve(settings: ServerSettings) -> None:
    """Run the API server until SIGTERM or SIGINT; never returns.

    The database is opened (and migrated) once before anything listens, so that what is wrong with it is one
    sentence on standard error and exit code `CANNOT_START`, not a worker that dies again and again.
    """
    try:
        open_log(settings.database or sqlite_url(settings.data / "kubernel.db")).close()
    except (NewerData, StoreUnavailable) as error:
        sys.stderr.write(f"error: {error}\n")
        raise SystemExit(CANNOT_START) from error
    with contextlib.suppress(FileNotFoundError):
        settings.socket.unlink()  # a killed server leaves it behind; the caller holds the cluster's lock
    # The worker is forked from here. What neither process's collector looks at stays shared between them.
    gc.collect()
    gc.freeze()
    gc.disable()
    _Gunicorn(settings).run()  # type: ignore[no-untyped-call]  # likewise
