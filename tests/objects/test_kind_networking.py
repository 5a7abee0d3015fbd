"""The kinds of networking.k8s.io: what they refuse, fill in, keep and show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]

KINDS = {kind.name: kind for kind in BUILTIN if kind.group == "networking.k8s.io"}
WEB: Plain = {"service": {"name": "web", "port": {"number": 80}}}
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


def led(path: str, path_type: str = "Prefix", backend: Plain = WEB, host: str = "a.b") -> Plain:
    paths = [{"path": path, "pathType": path_type, "backend": backend}]
    return {"spec": {"rules": [{"host": host, "http": {"paths": paths}}]}}


def policy(**rule: Any) -> Plain:
    return {"spec": {"podSelector": {}, "ingress": [rule]}}


P = "spec.rules[0].http.paths[0]"
I = "spec.ingress[0]"  # noqa: E741 - the path of the first rule


@pytest.mark.parametrize(
    ("name", "plain", "expected"),
    [
        ("Ingress", led("/"), []),
        ("Ingress", {}, ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"]),
        ("Ingress", led("x"), [f'{P}.path: Invalid value: "x": must be an absolute path']),
        ("Ingress", led("", "ImplementationSpecific"), []),
        ("Ingress", led("/a//b", "Exact"), [f"{P}.path: Invalid value: \"/a//b\": must not contain '//'"]),
        ("Ingress", led("/a/.."), [f"{P}.path: Invalid value: \"/a/..\": cannot end with '/..'"]),
        (
            "Ingress",
            led("/", "Regex"),
            [
                (
                    f'{P}.pathType: Unsupported value: "Regex": supported values: '
                    '"Exact", "ImplementationSpecific", "Prefix"'
                )
            ],
        ),
        ("Ingress", led("/", backend={}), [f'{P}.backend: Invalid value: "": resource or service backend is required']),
        (
            "Ingress",
            led("/", backend={"service": {"name": "web"}}),
            [f"{P}.backend: Required value: port name or number is required"],
        ),
        (
            "Ingress",
            led("/", backend={"service": {"name": "web", "port": {"name": "a", "number": 1}}}),
            [f'{P}.backend: Invalid value: "": cannot set both port name & port number'],
        ),
        (
            "Ingress",
            led("/", backend={**WEB, "resource": {"kind": "Bucket", "name": "b"}}),
            [f'{P}.backend: Invalid value: "": cannot set both resource and service backends'],
        ),
        (
            "Ingress",
            led("/", host="1.2.3.4"),
            ['spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
        ),
        ("Ingress", led("/", host="*.a.b"), []),
        ("Ingress", led("/", host="A.b"), [f'spec.rules[0].host: Invalid value: "A.b": {SUBDOMAIN}']),
        ("Ingress", {"spec": {"rules": [{"http": {"paths": []}}]}}, ["spec.rules[0].http.paths: Required value"]),
        (
            "Ingress",
            {**led("/"), "spec": {**led("/")["spec"], "tls": [{"hosts": ["A"], "secretName": "B"}]}},
            [
                f'spec.tls[0].hosts[0]: Invalid value: "A": {SUBDOMAIN}',
                f'spec.tls[0].secretName: Invalid value: "B": {SUBDOMAIN}',
            ],
        ),
        (
            "Ingress",
            {
                "metadata": {"annotations": {"kubernetes.io/ingress.class": "a"}},
                "spec": {**led("/")["spec"], "ingressClassName": "b"},
            },
            [
                (
                    'annotations.kubernetes.io/ingress.class: Invalid value: "a": '
                    "must match `ingressClassName` when both are specified"
                )
            ],
        ),
        ("IngressClass", {"spec": {"controller": "a.b/c"}}, []),
        ("IngressClass", {}, ["spec.controller: Required value"]),
        (
            "IngressClass",
            {"spec": {"controller": "c", "parameters": {"kind": "", "name": "n", "scope": "Namespace"}}},
            [
                'spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")',
                "spec.parameters.kind: Required value",
                "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
            ],
        ),
        (
            "IngressClass",
            {"spec": {"controller": "a.b/c", "parameters": {"kind": "k", "name": "n", "namespace": "x"}}},
            ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
        ),
        ("NetworkPolicy", policy(**{"from": [{"podSelector": {}}]}, ports=[{"port": "web"}]), []),
        ("NetworkPolicy", policy(**{"from": [{}]}), [f"{I}.from[0]: Required value: must specify a peer"]),
        (
            "NetworkPolicy",
            policy(ports=[{"protocol": "X", "port": 5, "endPort": 4}, {"port": "a", "endPort": 4}, {"endPort": 4}]),
            [
                f'{I}.ports[0].protocol: Unsupported value: "X": supported values: "TCP", "UDP", "SCTP"',
                f"{I}.ports[0].endPort: Invalid value: 4: must be greater than or equal to `port`",
                f"{I}.ports[1].endPort: Invalid value: 4: may not be specified when `port` is non-numeric",
                f"{I}.ports[2].endPort: Invalid value: 4: may not be specified when `port` is not specified",
            ],
        ),
        (
            "NetworkPolicy",
            policy(**{"from": [{"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}]}),
            [
                f'{I}.from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
                f"{I}.from[0]: Forbidden: may not specify both ipBlock and another peer",
            ],
        ),
        (
            "NetworkPolicy",
            {"spec": {"policyTypes": ["Both"]}},
            ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
        ),
        (
            "IPAddress",
            {"metadata": {"name": "FE80::1"}, "spec": {"parentRef": {"resource": "", "name": "a/b"}}},
            [
                'metadata.name: Invalid value: "FE80::1": must be in canonical form ("fe80::1")',
                "spec.parentRef.resource: Required value",
                "spec.parentRef.name: Invalid value: \"a/b\": may not contain '/'",
            ],
        ),
        ("ServiceCIDR", {}, ["spec.cidrs: Required value: at least one CIDR required"]),
        (
            "ServiceCIDR",
            {"spec": {"cidrs": ["10.0.0.0/8", "11.0.0.0/8"]}},
            [
                (
                    'spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each '
                    "IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
                )
            ],
        ),
    ],
)
def test_object_is_refused_with_every_reason(
    complaints: Complain, name: str, plain: Plain, expected: list[str]
) -> None:
    assert complaints(KINDS[name], plain) == expected


def test_policy_says_what_it_is_for(create: Create) -> None:
    closed, both = (
        create(KINDS["NetworkPolicy"], {"spec": spec}) for spec in ({}, {"egress": [{"ports": [{"port": 53}]}]})
    )

    assert (closed.spec.policyTypes, closed.metadata.generation) == (["Ingress"], 1)
    assert both.spec.policyTypes == ["Ingress", "Egress"]
    assert both.spec.egress[0].ports[0].protocol == "TCP"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            "IngressClass",
            {"spec": {"controller": "a.b/c"}},
            {"spec": {"controller": "a.b/d"}},
            ['spec.controller: Invalid value: "a.b/d": field is immutable'],
        ),
        (
            "ServiceCIDR",
            {"spec": {"cidrs": ["10.0.0.0/8"]}},
            {"spec": {"cidrs": ["11.0.0.0/8", "2001:db8::/64"]}},
            ['spec.cidrs[0]: Invalid value: "11.0.0.0/8": field is immutable'],
        ),
        (
            "ServiceCIDR",
            {"spec": {"cidrs": ["10.0.0.0/8"]}},
            {"spec": {"cidrs": ["10.0.0.0/8", "2001:db8::/64"]}},
            [],
        ),
        (
            "IPAddress",
            {"metadata": {"name": "10.0.0.1"}, "spec": {"parentRef": {"resource": "services", "name": "a"}}},
            {"spec": {"parentRef": {"resource": "services", "name": "b"}}},
            ['spec.parentRef: Invalid value: {"name":"b","resource":"services"}: field is immutable'],
        ),
    ],
)
def test_change_is_refused(forbidden_changes: Change, name: str, old: Plain, new: Plain, expected: list[str]) -> None:
    assert forbidden_changes(KINDS[name], old, new) == expected


@pytest.mark.parametrize(
    ("name", "plain", "expected"),
    [
        (
            "Ingress",
            {
                "spec": {
                    "ingressClassName": "nginx",
                    "rules": [{"host": f"{letter}.x"} for letter in "abcd"],
                    "tls": [{}],
                },
                "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.2"}, {"hostname": "a.b"}]}},
            },
            ["x", "nginx", "a.x,b.x,c.x + 1 more...", "10.0.0.2,a.b", "80, 443", "3d"],
        ),
        ("Ingress", {}, ["x", "<none>", "*", "", "80", "3d"]),
        (
            "IngressClass",
            {"spec": {"controller": "a.b/c", "parameters": {"apiGroup": "g", "kind": "K", "name": "n"}}},
            ["x", "a.b/c", "K.g/n", "3d"],
        ),
        ("IngressClass", {"spec": {"controller": "a.b/c"}}, ["x", "a.b/c", "<none>", "3d"]),
        ("NetworkPolicy", {"spec": {"podSelector": {"matchLabels": {"a": "b"}}}}, ["x", "a=b", "3d"]),
        ("NetworkPolicy", {"spec": {"podSelector": {}}}, ["x", "<none>", "3d"]),
        (
            "IPAddress",
            {"spec": {"parentRef": {"resource": "services", "namespace": "ns", "name": "web"}}},
            ["x", "services/ns/web", "3d"],
        ),
        ("ServiceCIDR", {"spec": {"cidrs": ["10.0.0.0/8", "2001:db8::/64"]}}, ["x", "10.0.0.0/8,2001:db8::/64", "3d"]),
    ],
)
def test_cells_are_those_of_kubectl(name: str, plain: Plain, expected: list[Any], now: datetime) -> None:
    kind = KINDS[name]
    created = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    obj = msgspec.convert({**plain, "metadata": created}, kind.type)

    assert table(kind, [obj], now=now, include="None")["rows"][0]["cells"] == expected
