"""What the kinds other than Pod refuse, in Kubernetes' words."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import (
    CONFIG_MAP,
    ENDPOINTS,
    LEASE,
    NAMESPACE,
    NODE,
    PLUGIN,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE,
)
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]

CONTAINERS: Plain = {"containers": [{"name": "c", "image": "i"}]}


def controller(selector: Plain | None, labels: Plain, **more: Any) -> Plain:
    template = {"metadata": {"labels": labels}, "spec": {**CONTAINERS, **more.pop("pod", {})}}
    return {"spec": {"selector": selector, "template": template, **more}}


def service(**spec: Any) -> Plain:
    return {"spec": spec}


def data(text: str) -> str:
    return b64encode(text.encode()).decode()


HTTP: Plain = {"port": 80}
T = "spec.template"
NO_DEADLINE = "activeDeadlineSeconds in ReplicationController is not Supported"
BROKEN: list[tuple[Kind[Any], Plain, list[str]]] = [
    (
        REPLICATION_CONTROLLER,
        controller({"App": "Nifty"}, {"App": "x"}),
        [f'{T}.metadata.labels: Invalid value: {{"App":"x"}}: `selector` does not match template `labels`'],
    ),
    (
        REPLICATION_CONTROLLER,
        controller({"a": "1"}, {"a": "1"}, replicas=-1, minReadySeconds=-2),
        [
            "spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0",
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        ],
    ),
    (REPLICATION_CONTROLLER, controller(None, {}), ["spec.selector: Required value"]),
    (
        REPLICATION_CONTROLLER,
        {"spec": {"selector": {"a": "1"}}},
        ["spec.template: Required value"],
    ),
    (
        REPLICATION_CONTROLLER,
        controller({"a": "1"}, {"a": "1"}, pod={"restartPolicy": "Never", "activeDeadlineSeconds": 5}),
        [
            f'{T}.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
            f"{T}.spec.activeDeadlineSeconds: Forbidden: {NO_DEADLINE}",
        ],
    ),
    (SERVICE, service(), ["spec.ports: Required value"]),
    (
        SERVICE,
        service(ports=[HTTP, {"port": 81}]),
        ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
    ),
    (
        SERVICE,
        service(ports=[{"port": 80, "name": "a"}, {"port": 80, "name": "a"}]),
        [
            'spec.ports[1].name: Duplicate value: "a"',
            'spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}',
        ],
    ),
    (
        SERVICE,
        service(ports=[{"port": 0, "targetPort": "-x"}]),
        [
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            'spec.ports[0].targetPort: Invalid value: "-x": must not begin or end with a hyphen',
        ],
    ),
    (
        SERVICE,
        service(ports=[HTTP], type="Magic"),
        [
            (
                'spec.type: Unsupported value: "Magic": supported values: '
                '"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'
            )
        ],
    ),
    (
        SERVICE,
        service(ports=[HTTP], clusterIP="nowhere"),
        [
            (
                'spec.clusterIPs[0]: Invalid value: "nowhere": '
                "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
            )
        ],
    ),
    (
        SERVICE,
        service(ports=[{"port": 80, "nodePort": 30000}]),
        ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ),
    (SERVICE, service(type="ExternalName"), ["spec.externalName: Required value"]),
    (
        SERVICE,
        service(ports=[HTTP], type="NodePort", clusterIP="None"),
        ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"],
    ),
    (
        SERVICE,
        service(ports=[HTTP], sessionAffinity="Sticky"),
        ['spec.sessionAffinity: Unsupported value: "Sticky": supported values: "ClientIP", "None"'],
    ),
    (
        CONFIG_MAP,
        {"data": {"..a": "", "b": ""}, "binaryData": {"b": "AA=="}},
        [
            "data[..a]: Invalid value: \"..a\": must not start with '..'",
            'data[b]: Invalid value: "b": duplicate of key present in binaryData',
        ],
    ),
    (CONFIG_MAP, {"data": {"a": "x" * (1 << 20)}}, []),
    (CONFIG_MAP, {"data": {"a": "x" * (1 << 20), "b": "y"}}, [": Too long: may not be more than 1048576 bytes"]),
    (SECRET, {"data": {"a": "?"}}, ['data[a]: Invalid value: "<omitted>": illegal base64 data']),
    (SECRET, {"type": "kubernetes.io/tls", "data": {"tls.crt": ""}}, ["data[tls.key]: Required value"]),
    (SECRET, {"data": {"a": data("x" * (1 << 20))}}, []),
    (SECRET, {"data": {"a": data("x" * ((1 << 20) + 1))}}, ["data: Too long: may not be more than 1048576 bytes"]),
    (
        SECRET,
        {"type": "kubernetes.io/basic-auth"},
        ["data[username]: Required value", "data[password]: Required value"],
    ),
    (
        SECRET,
        {"type": "kubernetes.io/service-account-token"},
        ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
    ),
    (
        NODE,
        {"spec": {"taints": [{"key": "a", "effect": "NoExecute", "value": "b"}] * 2}},
        ['spec.taints[1]: Duplicate value: {"effect":"NoExecute","key":"a","value":"b"}'],
    ),
    (
        NODE,
        {"spec": {"taints": [{"key": "a", "effect": "Bad"}]}},
        [
            (
                'spec.taints[0].effect: Unsupported value: "Bad": supported values: '
                '"NoSchedule", "PreferNoSchedule", "NoExecute"'
            )
        ],
    ),
    (NODE, {"status": {"capacity": {"cpu": "4", "pods": "110"}}}, []),
    (
        ENDPOINTS,
        {"subsets": [{"ports": [{"port": 80}]}, {"addresses": [{"ip": "x"}]}]},
        [
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
            (
                'subsets[1].addresses[0].ip: Invalid value: "x": '
                "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
            ),
        ],
    ),
    (
        LEASE,
        {"spec": {"leaseDurationSeconds": 0}},
        ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    ),
    (LEASE, {"spec": {"holderIdentity": ""}}, []),
    (
        NAMESPACE,
        {"metadata": {"name": "a.b"}},
        ['metadata.name: Invalid value: "a.b": must not contain dots'],
    ),
    (PLUGIN, {}, ["spec: Required value"]),
    (
        PLUGIN,
        {"spec": {"role": "Scheduler", "driver": "", "package": "--index-url=x"}},
        [
            (
                'spec.role: Invalid value: "Scheduler": a role is an entry-point group\'s last part '
                "(e.g. 'scheduler',  or 'metrics_sink', regex used for validation is '[a-z0-9_]+')"
            ),
            "spec.driver: Required value",
            'spec.package: Invalid value: "--index-url=x": must be a requirement, not an option of pip',
        ],
    ),
]


@pytest.mark.parametrize(("kind", "broken", "expected"), BROKEN)
def test_object_is_refused_with_every_reason(
    complaints: Complain, kind: Kind[Any], broken: Plain, expected: list[str]
) -> None:
    assert complaints(kind, broken) == expected


def test_service_name_must_be_a_dns_label(complaints: Complain) -> None:
    assert complaints(SERVICE, {"metadata": {"name": "1web"}, **service(ports=[HTTP])}) == []
    assert complaints(SERVICE, {"metadata": {"name": "a.b"}, **service(ports=[HTTP])}) == [
        'metadata.name: Invalid value: "a.b": must not contain dots'
    ]
