"""The API server as a process of the cluster: what it is started with. Imports little, because it is forked first."""

import os
from pathlib import Path

from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.pki import Pki

__all__ = ["API", "TOKENS", "serve_api"]

API = "api"
"""The component's name."""

TOKENS = "tokens.csv"
REQUESTS = "requests.log"


def serve_api(data: Path, host: str, port: int) -> None:
    """Run the API server in this process until SIGTERM."""
    from kubernel.api.server import serve  # noqa: PLC0415 - only this process may pay for it
    from kubernel.api.settings import ServerSettings  # noqa: PLC0415 - as above

    os.umask(0o077)  # the database holds Secrets; only here, for pods must not inherit it
    directory = DataDir(data)
    pki = Pki(directory.pki)
    serve(
        ServerSettings(
            data=data,
            host=host,
            port=port,
            socket=directory.api_socket,
            tls_cert=pki.server,
            tls_key=pki.server_key,
            client_ca=pki.ca,
            token_file=directory.pki / TOKENS,
            service_account_key=pki.service_accounts,
            request_log=directory.logs / REQUESTS,
        )
    )
