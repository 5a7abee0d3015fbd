"""Variables: expansion, services, the downward API, log queries; everything that is only text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel_node_agent.environment import ConfigInvalid
from kubernel_node_agent.environment.downward import PodFacts, field_value, resource_value
from kubernel_node_agent.environment.expansion import expand
from kubernel_node_agent.environment.services import service_variables
from kubernel_node_agent.logs.queries import parse_log_request


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(A)", "1"),
        ("x$(A)y$(B)z", "x1y2z"),
        ("$(NOBODY)", "$(NOBODY)"),
        ("$$(A)", "$(A)"),
        ("$$$(A)", "$1"),
        ("$A", "$A"),
        ("$(A", "$(A"),
        ("$", "$"),
        ("$()", "$()"),
        ("$(C)", "$(A)"),
    ],
)
def test_expansion(text: str, expected: str) -> None:
    assert expand(text, {"A": "1", "B": "2", "C": "$(A)"}) == expected


@given(st.text(alphabet=st.characters(exclude_characters="$")))
def test_text_without_references_stays(text: str) -> None:
    assert expand(text, {"A": "1"}) == text


def _service(name: str, address: str | None, *ports: core.ServicePort) -> core.Service:
    return core.Service(metadata=meta.ObjectMeta(name=name), spec=core.ServiceSpec(clusterIP=address, ports=[*ports]))


def test_service_has_the_variables_of_kubernetes_and_of_docker_links() -> None:
    service = _service("nifty-svc", "127.96.0.5", core.ServicePort(port=80, name="http", protocol="TCP"))

    assert service_variables([service]) == {
        "NIFTY_SVC_SERVICE_HOST": "127.96.0.5",
        "NIFTY_SVC_SERVICE_PORT": "80",
        "NIFTY_SVC_SERVICE_PORT_HTTP": "80",
        "NIFTY_SVC_PORT": "tcp://127.96.0.5:80",
        "NIFTY_SVC_PORT_80_TCP": "tcp://127.96.0.5:80",
        "NIFTY_SVC_PORT_80_TCP_PROTO": "tcp",
        "NIFTY_SVC_PORT_80_TCP_PORT": "80",
        "NIFTY_SVC_PORT_80_TCP_ADDR": "127.96.0.5",
    }


def test_headless_service_has_none() -> None:
    assert service_variables([_service("db", "None", core.ServicePort(port=1)), _service("x", None)]) == {}


@pytest.fixture
def facts() -> PodFacts:
    """Return a pod with labels, on a node with four cores."""
    container = core.Container(
        name="main", resources=core.ResourceRequirements(limits={"cpu": "1500m", "memory": "1Gi"})
    )
    pod = core.Pod(
        metadata=meta.ObjectMeta(name="web", namespace="shop", uid="u-1", labels={"app": "web", "tier": "front"}),
        spec=core.PodSpec(containers=[container, core.Container(name="other")], nodeName="n1"),
    )
    return PodFacts(pod, "127.64.0.7", "127.0.0.1", {"cpu": "4", "memory": "8Gi"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("metadata.name", "web"),
        ("metadata.namespace", "shop"),
        ("metadata.uid", "u-1"),
        ("metadata.labels['tier']", "front"),
        ("metadata.labels['none']", ""),
        ("metadata.labels", 'app="web"\ntier="front"'),
        ("spec.nodeName", "n1"),
        ("status.podIP", "127.64.0.7"),
        ("status.hostIP", "127.0.0.1"),
    ],
)
def test_field_reference(facts: PodFacts, path: str, expected: str) -> None:
    assert field_value(path, facts) == expected


def test_field_reference_to_nothing_is_invalid(facts: PodFacts) -> None:
    with pytest.raises(ConfigInvalid, match=r"unsupported fieldPath: spec\.secrets"):
        field_value("spec.secrets", facts)


@pytest.mark.parametrize(
    ("resource", "divisor", "container", "expected"),
    [
        ("limits.cpu", None, None, "2"),
        ("limits.cpu", "1m", None, "1500"),
        ("limits.memory", "1Mi", None, "1024"),
        ("requests.cpu", None, None, "0"),
        ("limits.cpu", None, "other", "4"),
    ],
)
def test_resource_reference(
    facts: PodFacts, resource: str, divisor: str | None, container: str | None, expected: str
) -> None:
    reference = core.ResourceFieldSelector(resource=resource, divisor=divisor, containerName=container)
    assert facts.pod.spec is not None

    assert resource_value(reference, facts.pod.spec.containers[0], facts) == expected


def test_log_query_is_understood() -> None:
    request = parse_log_request(
        {"follow": "true", "tailLines": "5", "sinceTime": "2026-01-01T00:00:00Z", "limitBytes": "10", "previous": "1"}
    )

    assert request.previous
    assert request.query.follow
    assert not request.query.timestamps
    assert (request.query.tail_lines, request.query.limit_bytes) == (5, 10)
    assert request.query.since == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"tailLines": "-1"}, "tailLines: Invalid value: -1"),
        ({"limitBytes": "0"}, "limitBytes: Invalid value: 0"),
        ({"follow": "maybe"}, "follow: Invalid value: maybe"),
        ({"sinceTime": "2026-01-01T00:00:00"}, "must have a time zone"),
        ({"sinceSeconds": "5", "sinceTime": "2026-01-01T00:00:00Z"}, "at most one of"),
    ],
)
def test_log_query_that_makes_no_sense(query: dict[str, str], words: str) -> None:
    with pytest.raises(StatusError, match=words) as refused:
        parse_log_request(query)

    assert refused.value.code == 400
