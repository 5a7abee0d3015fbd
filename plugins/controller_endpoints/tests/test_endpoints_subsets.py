"""From a service and its pods to subsets."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import core, meta
from kubernel_controller_endpoints.subsets import subsets_of


def _service(*ports: core.ServicePort, publishes_all: bool = False) -> core.Service:
    spec = core.ServiceSpec(selector={"App": "Nifty"}, ports=list(ports), publishNotReadyAddresses=publishes_all)
    return core.Service(metadata=meta.ObjectMeta(name="svc", namespace="default"), spec=spec)


def _pod(
    name: str, ip: str | None, *, ready: bool = True, phase: str = "Running", ports: dict[str, int] | None = None
) -> core.Pod:
    container = core.Container(
        name="c", ports=[core.ContainerPort(name=key, containerPort=port) for key, port in (ports or {}).items()]
    )
    condition = core.PodCondition(type="Ready", status="True" if ready else "False")
    return core.Pod(
        metadata=meta.ObjectMeta(name=name, namespace="default", uid=f"uid-{name}"),
        spec=core.PodSpec(containers=[container], nodeName="n1"),
        status=core.PodStatus(phase=phase, podIP=ip, conditions=[condition]),
    )


HTTP = core.ServicePort(port=80, targetPort=8080)


def _ips(addresses: list[core.EndpointAddress] | None) -> list[str]:
    return [address.ip for address in addresses or ()]


def test_ready_and_waiting_pods_share_a_subset_in_the_order_of_addresses() -> None:
    pods = [_pod("b", "127.64.0.2"), _pod("a", "127.64.0.1"), _pod("c", "127.64.0.3", ready=False)]

    (subset,) = subsets_of(_service(HTTP), pods)

    assert _ips(subset.addresses) == ["127.64.0.1", "127.64.0.2"]
    assert _ips(subset.notReadyAddresses) == ["127.64.0.3"]
    assert [(port.port, port.protocol) for port in subset.ports or ()] == [(8080, "TCP")]


def test_address_names_its_pod_and_node() -> None:
    (subset,) = subsets_of(_service(HTTP), [_pod("a", "127.64.0.1")])

    assert subset.addresses is not None
    (address,) = subset.addresses
    assert address.targetRef is not None
    assert (address.nodeName, address.targetRef.kind, address.targetRef.name) == ("n1", "Pod", "a")
    assert (address.targetRef.namespace, address.targetRef.uid) == ("default", "uid-a")


def test_pods_without_address_finished_or_ending_are_left_out() -> None:
    ending = _pod("ending", "127.64.0.3")
    assert ending.metadata is not None
    ending.metadata.deletionTimestamp = datetime.now(UTC)
    pods = [_pod("new", None), _pod("done", "127.64.0.2", phase="Succeeded"), ending]

    assert subsets_of(_service(HTTP), pods) == []


def test_service_that_publishes_all_lists_unready_pods_as_addresses() -> None:
    (subset,) = subsets_of(_service(HTTP, publishes_all=True), [_pod("a", "127.64.0.1", ready=False)])

    assert (_ips(subset.addresses), subset.notReadyAddresses) == (["127.64.0.1"], None)


def test_named_port_is_looked_up_in_each_pod() -> None:
    named = core.ServicePort(port=80, name="http", targetPort="web")
    pods = [
        _pod("a", "127.64.0.1", ports={"web": 8080}),
        _pod("b", "127.64.0.2", ports={"web": 9090}),
        _pod("c", "127.64.0.3", ports={"other": 1}),
    ]

    subsets = subsets_of(_service(named), pods)

    found = [([port.port for port in s.ports or ()], _ips(s.addresses)) for s in subsets]
    assert found == [([8080], ["127.64.0.1"]), ([9090], ["127.64.0.2"])]


def test_port_without_target_is_the_services_own() -> None:
    (subset,) = subsets_of(_service(core.ServicePort(port=53, protocol="UDP")), [_pod("a", "127.64.0.1")])

    assert [(port.port, port.protocol) for port in subset.ports or ()] == [(53, "UDP")]


def test_headless_service_without_ports_lists_addresses_only() -> None:
    (subset,) = subsets_of(_service(), [_pod("a", "127.64.0.1")])

    assert (_ips(subset.addresses), subset.ports) == (["127.64.0.1"], None)


@given(st.permutations(range(5)))
def test_subsets_do_not_depend_on_the_order_of_pods(order: list[int]) -> None:
    pods = [_pod(str(i), f"127.64.0.{i}", ready=i != 3, ports={"web": 80 + i % 2}) for i in range(5)]
    service = _service(core.ServicePort(port=80, targetPort="web"), core.ServicePort(port=81, name="b", targetPort=1))

    assert subsets_of(service, [pods[i] for i in order]) == subsets_of(service, pods)
