"""Schemathesis on our own OpenAPI: whatever it sends, no 5xx, no answer that breaks the schema, no bad input accepted.

Each document is tried with a few requests an operation, of both kinds: such as the schema allows, and such as it does
not. ``KUBERNEL_FUZZ_EXAMPLES`` sets how many (`make fuzz`: 50; the default keeps the suite quick).
"""

import base64
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.clients.fuzzed import GROUP_VERSIONS
from tests.e2e.cluster import Cluster, running

EXAMPLES = int(os.environ.get("KUBERNEL_FUZZ_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
TIMEOUT_S = 10
# What goes over these is not ours; a watch would only wait.
CONNECTIONS = ("/proxy", "/exec", "/attach", "/portforward", "/log")
EMPTY: tuple[Any, ...] = ("", [], {})
UNTRIED = ("watch", "sendInitialEvents", "timeoutSeconds")


class Server:
    """The cluster's API over TLS, with the administrator's credentials."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        kubeconfig = yaml.safe_load((cluster.data / "kubeconfig").read_text())
        self.authority = folder / "ca.pem"
        authority = kubeconfig["clusters"][0]["cluster"]["certificate-authority-data"]
        self.authority.write_bytes(base64.b64decode(authority))
        self.url = kubeconfig["clusters"][0]["cluster"]["server"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.headers = {"Authorization": f"Bearer {kubeconfig['users'][0]['user']['token']}"}

    def document(self, group_version: str) -> dict[str, Any]:
        """Return one OpenAPI document."""
        url = f"{self.url}/openapi/v3/{group_version}"
        found: dict[str, Any] = self.session.get(
            url, headers=self.headers, verify=str(self.authority), timeout=TIMEOUT_S
        ).json()
        return found

    def call(self, case: schemathesis.Case) -> schemathesis.Response:
        """Send a request."""
        # An empty parameter (and an empty list or object is written as one) counts as one that was not given.
        case.query = {name: value for name, value in case.query.items() if name not in UNTRIED and value not in EMPTY}
        return case.call(
            base_url=self.url,
            session=self.session,
            headers=self.headers,
            verify=str(self.authority),
            timeout=TIMEOUT_S,
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Yield a cluster of these tests' own: what is sent deletes nodes and plugins like anything else."""
    with running(tmp_path_factory.mktemp("fuzzed"), "--runtime", "hollow") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def server(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield the server, and let go of its connections."""
    server = Server(cluster, tmp_path_factory.mktemp("fuzz"))
    yield server
    server.session.close()


@pytest.mark.timeout(900 * EXAMPLES)
@pytest.mark.parametrize("group_version", GROUP_VERSIONS)
def test_nothing_that_schemathesis_sends_is_answered_wrongly(server: Server, group_version: str) -> None:
    schema = schemathesis.openapi.from_dict(server.document(group_version))
    operations: list[Any] = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == sum(1 for _ in schema.get_all_operations())

    failures = [
        failure
        for operation in operations
        if not operation.path.endswith(CONNECTIONS)
        for mode in GenerationMode
        for failure in _failures(server, operation, mode)
    ]

    assert failures == []


def _failures(server: Server, operation: Any, mode: GenerationMode) -> list[str]:
    found: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        answer = server.call(case)
        for check in CHECKS:
            try:
                case.validate_response(answer, checks=[check])
            except AssertionError as error:  # all of them at once say more than the first
                found.append(f"{operation.label}: {check.__name__}: {error}")

    with suppress(Unsatisfiable):  # where nothing can be wrong, there is nothing wrong to send
        send()
    return found
