"""Which ports of which Services a proxy serves, and with which backends."""

import pytest
from kubernel.host.proxying.table import AFFINITY_S, service_ports
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts.proxy import Backend


def service(spec: core.ServiceSpec) -> core.Service:
    return core.Service(metadata=meta.ObjectMeta(name="svc", namespace="default"), spec=spec)


def endpoints(*subsets: core.EndpointSubset) -> core.Endpoints:
    return core.Endpoints(metadata=meta.ObjectMeta(name="svc", namespace="default"), subsets=list(subsets))


def addresses(*ips: str) -> list[core.EndpointAddress]:
    return [core.EndpointAddress(ip=ip) for ip in ips]


def test_an_only_port_gets_all_ready_addresses_sorted() -> None:
    spec = core.ServiceSpec(clusterIP="127.96.0.7", ports=[core.ServicePort(port=80)])
    subset = core.EndpointSubset(
        addresses=addresses("127.64.0.9", "127.64.0.1"),
        notReadyAddresses=addresses("127.64.0.5"),
        ports=[core.EndpointPort(port=9376)],
    )

    (port,) = service_ports(service(spec), endpoints(subset))

    assert port.key == ("default", "svc", "")
    assert (port.protocol, port.ip, port.port, port.session_affinity_s) == ("TCP", "127.96.0.7", 80, None)
    assert port.backends == (Backend("127.64.0.1", 9376), Backend("127.64.0.9", 9376))


def test_named_ports_find_their_own_backends_in_every_subset() -> None:
    ports = [core.ServicePort(name="web", port=80), core.ServicePort(name="dns", port=53, protocol="UDP")]
    web, dns = core.EndpointPort(name="web", port=8080), core.EndpointPort(name="dns", port=5353, protocol="UDP")
    other_web = core.EndpointPort(name="web", port=9090)

    table = service_ports(
        service(core.ServiceSpec(clusterIP="127.96.0.7", ports=ports)),
        endpoints(
            core.EndpointSubset(addresses=addresses("127.64.0.1"), ports=[web, dns]),
            core.EndpointSubset(addresses=addresses("127.64.0.2"), ports=[other_web]),
        ),
    )

    assert {port.name: port.backends for port in table} == {
        "web": (Backend("127.64.0.1", 8080), Backend("127.64.0.2", 9090)),
        "dns": (Backend("127.64.0.1", 5353),),
    }


@pytest.mark.parametrize(
    "spec",
    [
        core.ServiceSpec(clusterIP="None", ports=[core.ServicePort(port=80)]),
        core.ServiceSpec(clusterIP="", ports=[core.ServicePort(port=80)]),
        core.ServiceSpec(ports=[core.ServicePort(port=80)]),
        core.ServiceSpec(type="ExternalName", clusterIP="127.96.0.7", ports=[core.ServicePort(port=80)]),
        core.ServiceSpec(clusterIP="127.96.0.7"),
    ],
    ids=["headless", "empty", "unset", "external-name", "no-ports"],
)
def test_what_has_no_virtual_address_is_not_served(spec: core.ServiceSpec) -> None:
    assert service_ports(service(spec), None) == ()


def test_a_service_without_endpoints_has_a_port_without_backends() -> None:
    spec = core.ServiceSpec(clusterIP="127.96.0.7", ports=[core.ServicePort(port=80)])

    (port,) = service_ports(service(spec), None)

    assert port.backends == ()


def test_session_affinity_has_kubernetes_default_of_three_hours() -> None:
    ports = [core.ServicePort(port=80)]
    timeout = core.SessionAffinityConfig(clientIP=core.ClientIPConfig(timeoutSeconds=5))
    plain = core.ServiceSpec(clusterIP="127.96.0.7", ports=ports, sessionAffinity="ClientIP")
    told = core.ServiceSpec(
        clusterIP="127.96.0.7", ports=ports, sessionAffinity="ClientIP", sessionAffinityConfig=timeout
    )

    assert service_ports(service(plain), None)[0].session_affinity_s == AFFINITY_S
    assert service_ports(service(told), None)[0].session_affinity_s == 5
