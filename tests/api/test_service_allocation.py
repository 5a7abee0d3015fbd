"""Services get addresses and ports of the nodes from the server, and nobody gets what another has."""

import asyncio
from typing import Any

import pytest

from tests.api.calls import Api, Plain

PORTS = range(30_000, 32_768)


def service(name: str, type_: str = "NodePort", *ports: Plain, **spec: Any) -> Plain:
    """Return a service; without ports, one with port 80."""
    return {"metadata": {"name": name}, "spec": {"type": type_, "ports": list(ports) or [{"port": 80}], **spec}}


def node_ports(made: Plain) -> list[int]:
    return [port.get("nodePort", 0) for port in made["spec"]["ports"]]


async def test_node_ports_are_given_kept_and_dropped(api: Api) -> None:
    made = await api.post(api.path("services"), service("kept"))
    again = (await api.send("PUT", api.path("services", "kept"), service("kept"))).body
    change = {"spec": {"type": "ClusterIP"}}
    plain = await api.send("PATCH", api.path("services", "kept"), change, content_type="application/merge-patch+json")

    (port,) = node_ports(made)
    assert port in PORTS
    assert node_ports(again) == [port]
    assert node_ports(plain.body) == [0]
    assert "externalTrafficPolicy" not in plain.body["spec"]
    assert plain.body["spec"]["clusterIP"] == made["spec"]["clusterIP"]


async def test_two_protocols_of_one_port_share_the_nodes_port(api: Api) -> None:
    both = service("dns", "NodePort", {"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"})

    first, second = node_ports(await api.post(api.path("services"), both))

    assert first == second


@pytest.mark.parametrize(
    ("port", "why"),
    [
        (30_999, "provided port is already allocated"),
        (80, "provided port is not in the valid range. The range of valid ports is 30000-32767"),
    ],
)
async def test_node_port_that_cannot_be_had_is_refused(api: Api, port: int, why: str) -> None:
    holder = service(f"holder-{port}", "NodePort", {"port": 80, "nodePort": 30_999})
    await api.post(api.path("services"), holder)

    refusal = await api.refusal("POST", api.path("services"), service("b", "NodePort", {"port": 80, "nodePort": port}))

    assert [(cause.field, cause.message) for cause in refusal.causes] == [
        ("spec.ports[0].nodePort", f"Invalid value: {port}: {why}")
    ]
    await api.send("DELETE", api.path("services", f"holder-{port}"))


async def test_what_a_deleted_service_had_is_free(api: Api) -> None:
    wanted = service("first", "NodePort", {"port": 80, "nodePort": 31_111})
    await api.post(api.path("services"), wanted)
    await api.send("DELETE", api.path("services", "first"))

    made = await api.post(api.path("services"), {**wanted, "metadata": {"name": "second"}})

    assert node_ports(made) == [31_111]


async def test_dry_run_takes_nothing(api: Api) -> None:
    wanted = service("tried", "NodePort", {"port": 80, "nodePort": 31_222})

    await api.post(api.path("services"), wanted, query={"dryRun": "All"})
    made = await api.post(api.path("services"), {**wanted, "metadata": {"name": "real"}})

    assert node_ports(made) == [31_222]


async def test_local_load_balancer_gets_a_port_for_its_health(api: Api) -> None:
    local = service("local", "LoadBalancer", externalTrafficPolicy="Local")
    other = service("local", "LoadBalancer", externalTrafficPolicy="Local", healthCheckNodePort=31_333)

    made = await api.post(api.path("services"), local)
    moved = await api.refusal("PUT", api.path("services", "local"), other)

    assert made["spec"]["healthCheckNodePort"] in PORTS
    assert made["spec"]["allocateLoadBalancerNodePorts"] is True
    assert [cause.message for cause in moved.causes] == ["Forbidden: field is immutable"]


async def test_load_balancer_may_do_without_node_ports(api: Api) -> None:
    made = await api.post(api.path("services"), service("bare", "LoadBalancer", allocateLoadBalancerNodePorts=False))

    assert node_ports(made) == [0]


async def test_families_that_the_cluster_has_not_are_refused(api: Api) -> None:
    dual = await api.refusal("POST", api.path("services"), service("a", "ClusterIP", ipFamilyPolicy="RequireDualStack"))
    six = await api.refusal("POST", api.path("services"), service("a", "ClusterIP", ipFamilies=["IPv6"]))
    bare = await api.post(api.path("services"), service("c", "ClusterIP", clusterIP="None"))

    assert dual.causes[0].message.endswith("this cluster is not configured for dual-stack services")
    assert (six.causes[0].field, six.causes[0].message) == (
        "spec.ipFamilies[0]",
        'Invalid value: "IPv6": not configured on this cluster',
    )
    assert (bare["spec"]["ipFamilies"], bare["spec"]["ipFamilyPolicy"]) == (["IPv4", "IPv6"], "RequireDualStack")


async def test_services_made_at_once_get_different_things(api: Api) -> None:
    made = await asyncio.gather(*(api.post(api.path("services"), service(f"many-{i}")) for i in range(40)))

    assert len({node_ports(one)[0] for one in made}) == 40
    assert len({one["spec"]["clusterIP"] for one in made}) == 40


async def test_status_of_a_load_balancer_is_checked_and_completed(api: Api) -> None:
    await api.post(api.path("services"), service("lb", "LoadBalancer"))
    await api.post(api.path("services"), service("np"))
    patch = {"content_type": "application/merge-patch+json"}
    status = {"status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.9"}]}}}

    balanced = await api.send("PATCH", api.path("services", "lb", "status"), status, **patch)
    refused = await api.refusal("PATCH", api.path("services", "np", "status"), status, **patch)

    assert balanced.body["status"]["loadBalancer"]["ingress"] == [{"ip": "10.0.0.9", "ipMode": "VIP"}]
    assert refused.causes[0].message == "Forbidden: may only be used when `spec.type` is 'LoadBalancer'"


async def test_service_with_more_ports_than_nodes_have_is_refused(api: Api) -> None:
    greedy = service("greedy", "NodePort", *({"name": f"p{i}", "port": i + 1} for i in range(3_000)))

    refusal = await api.refusal("POST", api.path("services"), greedy)

    assert refusal.message.endswith("failed to allocate a nodePort: range is full (30000-32767)")
