"""Services: what they refuse, fill in and drop, and how they may change."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import SERVICE
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]
HTTP: Plain = {"port": 80}
BALANCED: Plain = {"ports": [HTTP], "type": "LoadBalancer"}
ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"
NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"


def service(**spec: Any) -> Plain:
    return {"spec": spec}


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (service(), ["spec.ports: Required value"]),
        (
            service(ports=[HTTP, {"port": 81}]),
            ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
        ),
        (
            service(ports=[{"port": 80, "name": "a"}, {"port": 80, "name": "a"}]),
            [
                'spec.ports[1].name: Duplicate value: "a"',
                'spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}',
            ],
        ),
        (
            service(ports=[{"port": 0, "targetPort": "-x"}]),
            [
                "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
                'spec.ports[0].targetPort: Invalid value: "-x": must not begin or end with a hyphen',
            ],
        ),
        (
            service(ports=[HTTP], type="Magic"),
            [
                (
                    'spec.type: Unsupported value: "Magic": supported values: '
                    '"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'
                )
            ],
        ),
        (
            service(ports=[HTTP], clusterIP="nowhere"),
            [
                (
                    'spec.clusterIPs[0]: Invalid value: "nowhere": '
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
                )
            ],
        ),
        (
            service(ports=[{"port": 80, "nodePort": 30000}]),
            ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
        ),
        (service(type="ExternalName"), ["spec.externalName: Required value"]),
        (
            service(ports=[HTTP], type="NodePort", clusterIP="None"),
            ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"],
        ),
        (
            service(ports=[HTTP], sessionAffinity="Sticky"),
            ['spec.sessionAffinity: Unsupported value: "Sticky": supported values: "ClientIP", "None"'],
        ),
        (service(**BALANCED, loadBalancerClass="example.com/fast", loadBalancerSourceRanges=["127.0.0.0/8"]), []),
        (
            service(ports=[HTTP], loadBalancerClass="a", loadBalancerSourceRanges=["x"], healthCheckNodePort=30000),
            [
                f"spec.LoadBalancerSourceRanges: Forbidden: {ONLY_BALANCED}",
                (
                    'spec.LoadBalancerSourceRanges[0]: Invalid value: "x": must be a valid CIDR value, '
                    "(e.g. 10.9.8.0/24 or 2001:db8::/64)"
                ),
                f"spec.loadBalancerClass: Forbidden: {ONLY_BALANCED}",
                (
                    "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and "
                    "`externalTrafficPolicy` is 'Local'"
                ),
            ],
        ),
        (
            service(**BALANCED, externalTrafficPolicy="Local"),
            ["spec.healthCheckNodePort: Required value"],
        ),
        (
            service(ports=[HTTP], externalTrafficPolicy="Local", internalTrafficPolicy="Some"),
            [
                (
                    'spec.externalTrafficPolicy: Invalid value: "Local": '
                    "may only be set for externally-accessible services"
                ),
                'spec.internalTrafficPolicy: Unsupported value: "Some": supported values: "Cluster", "Local"',
            ],
        ),
        (
            service(ports=[HTTP], trafficDistribution="Far", externalIPs=["x"]),
            [
                f'spec.externalIPs[0]: Invalid value: "x": {NOT_AN_IP}',
                (
                    'spec.trafficDistribution: Unsupported value: "Far": supported values: '
                    '"PreferClose", "PreferSameZone", "PreferSameNode"'
                ),
            ],
        ),
        (
            service(
                ports=[HTTP],
                sessionAffinity="ClientIP",
                sessionAffinityConfig={"clientIP": {"timeoutSeconds": 86401}},
            ),
            [
                (
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: "
                    "must be between 1 and 86400, inclusive"
                ),
            ],
        ),
        (
            service(ports=[HTTP], clusterIP="127.96.0.9", clusterIPs=["127.96.0.9", "127.96.0.10", "127.96.0.11"]),
            [
                (
                    'spec.clusterIPs: Invalid value: ["127.96.0.9","127.96.0.10","127.96.0.11"]: '
                    "may only hold up to 2 values"
                ),
                (
                    'spec.clusterIPs: Invalid value: ["127.96.0.9","127.96.0.10","127.96.0.11"]: '
                    "may specify no more than one IP for each IP family"
                ),
            ],
        ),
        (
            service(ports=[HTTP], clusterIP="127.96.0.9", ipFamilies=["IPv6", "IPv6"], ipFamilyPolicy="Both"),
            [
                'spec.ipFamilies[1]: Duplicate value: "IPv6"',
                (
                    'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: '
                    '"PreferDualStack", "RequireDualStack", "SingleStack"'
                ),
                (
                    'spec.clusterIPs[0]: Invalid value: "127.96.0.9": '
                    "expected an IPv6 value as indicated by `ipFamilies[0]`"
                ),
            ],
        ),
        (
            service(type="ExternalName", externalName="example.com.", ipFamilies=["IPv4"]),
            ["spec.ipFamilies: Forbidden: may not be set for ExternalName services"],
        ),
        (
            service(**{**BALANCED, "ports": [{"port": 10250}]}),
            [
                (
                    "spec.ports[0]: Invalid value: 10250: "
                    "may not expose port 10250 externally since it is used by kubelet"
                ),
            ],
        ),
        (
            service(
                type="NodePort",
                ports=[{"name": "a", "port": 1, "nodePort": 30000}, {"name": "b", "port": 2, "nodePort": 30000}],
            ),
            ["spec.ports[1].nodePort: Duplicate value: 30000"],
        ),
    ],
)
def test_service_is_refused_with_every_reason(complaints: Complain, broken: Plain, expected: list[str]) -> None:
    assert complaints(SERVICE, broken) == expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ({"ip": "127.0.0.9"}, []),
        ({"hostname": "example.com"}, []),
        ({"ip": "x", "ipMode": "Best"}, ["ip: Invalid", "ipMode: Unsupported"]),
        ({"ipMode": "VIP"}, ["ipMode: Forbidden:"]),
        ({"hostname": "127.0.0.9"}, ["hostname: Invalid"]),
    ],
)
def test_status_says_where_a_load_balancer_answers(
    forbidden_changes: Change, point: Plain, expected: list[str]
) -> None:
    new = {**service(**BALANCED), "status": {"loadBalancer": {"ingress": [point]}}}

    got = forbidden_changes(SERVICE, service(**BALANCED), new, "status")

    path = "status.loadBalancer.ingress[0]."
    assert [" ".join(text.removeprefix(path).split()[:2]) for text in got] == expected


def test_only_load_balancers_have_ingress(forbidden_changes: Change) -> None:
    new = {**service(ports=[HTTP]), "status": {"loadBalancer": {"ingress": [{"ip": "127.0.0.9"}]}}}

    assert forbidden_changes(SERVICE, service(ports=[HTTP]), new, "status") == [
        "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            BALANCED,
            {
                "allocateLoadBalancerNodePorts": True,
                "externalTrafficPolicy": "Cluster",
                "ipFamilyPolicy": "SingleStack",
            },
        ),
        (
            {"ports": [HTTP], "clusterIP": "None"},
            {"clusterIPs": ["None"], "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"},
        ),
        (
            {"ports": [HTTP], "clusterIP": "None", "selector": {"a": "b"}},
            {"clusterIPs": ["None"], "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"},
        ),
        (
            {"ports": [HTTP], "sessionAffinity": "ClientIP"},
            {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}, "internalTrafficPolicy": "Cluster"},
        ),
    ],
)
def test_service_gets_its_defaults(create: Create, spec: Plain, expected: Plain) -> None:
    made = msgspec.to_builtins(create(SERVICE, {"spec": spec}).spec)

    assert {key: made.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {"ports": [HTTP], "clusterIP": "127.96.0.9"},
            {"ports": [HTTP], "clusterIP": "127.96.0.8"},
            ['spec.clusterIPs[0]: Invalid value: ["127.96.0.8"]: may not change once set'],
        ),
        (
            {**BALANCED, "loadBalancerClass": "a.b/c"},
            {**BALANCED, "loadBalancerClass": "a.b/d"},
            ['spec.loadBalancerClass: Invalid value: "a.b/d": may not change once set'],
        ),
        ({**BALANCED, "loadBalancerClass": "a.b/c"}, {"ports": [HTTP], "loadBalancerClass": "a.b/c"}, []),
        ({"ports": [HTTP], "clusterIP": "127.96.0.9"}, {"type": "ExternalName", "externalName": "a"}, []),
    ],
)
def test_change_of_a_service_is_refused(forbidden_changes: Change, old: Plain, new: Plain, expected: list[str]) -> None:
    assert forbidden_changes(SERVICE, service(**old), service(**new)) == expected


def test_service_name_must_be_a_dns_label(complaints: Complain) -> None:
    assert complaints(SERVICE, {"metadata": {"name": "1web"}, **service(ports=[HTTP])}) == []
    assert complaints(SERVICE, {"metadata": {"name": "a.b"}, **service(ports=[HTTP])}) == [
        'metadata.name: Invalid value: "a.b": must not contain dots'
    ]
