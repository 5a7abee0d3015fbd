from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import (
    BUILTIN,
    CONFIG_MAP,
    ENDPOINTS,
    EVENT,
    LEASE,
    NAMESPACE,
    NODE,
    PLUGIN,
    POD,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
)
from kubernel.objects.models import Plain
from kubernel.objects.tables import column_definitions, table

from tests.objects.kind_headings import HEADINGS
from tests.objects.printing import cells


@pytest.mark.parametrize("kind", [k for k in BUILTIN if k.is_stored], ids=lambda kind: kind.resource)
def test_headings_are_those_of_kubectl(kind: Kind[Any]) -> None:
    headings = [f"{column['name']}{'*' * column['priority']}" for column in column_definitions(kind)]
    expected = HEADINGS[kind.resource]

    assert headings == expected.split("," if "," in expected else " ")
    assert [column["name"] for column in column_definitions(kind) if column["format"] == "name"][:1] == ["Name"]
    assert all(column["description"] for column in column_definitions(kind))


@pytest.mark.parametrize(
    ("kind", "plain", "expected"),
    [
        (CONFIG_MAP, {"data": {"a": ""}, "binaryData": {"b": ""}}, ["x", 2, "3d"]),
        (SECRET, {"type": "Opaque", "data": {"a": ""}}, ["x", "Opaque", 1, "3d"]),
        (SERVICE_ACCOUNT, {}, ["x", 0, "3d"]),
        (NAMESPACE, {"status": {"phase": "Active"}}, ["x", "Active", "3d"]),
        (LEASE, {"spec": {"holderIdentity": "n1"}}, ["x", "n1", "3d"]),
        (
            SERVICE,
            {
                "spec": {
                    "type": "NodePort",
                    "clusterIP": "127.96.0.1",
                    "ports": [{"port": 80, "protocol": "TCP", "nodePort": 30000}, {"port": 53, "protocol": "UDP"}],
                    "selector": {"b": "2", "a": "1"},
                }
            },
            ["x", "NodePort", "127.96.0.1", "<none>", "80:30000/TCP,53/UDP", "3d", "a=1,b=2"],
        ),
        (
            SERVICE,
            {"spec": {"type": "ExternalName", "externalName": "example.com"}},
            ["x", "ExternalName", "<none>", "example.com", "<none>", "3d", "<none>"],
        ),
        (
            SERVICE,
            {"spec": {"type": "LoadBalancer", "clusterIP": "None"}},
            ["x", "LoadBalancer", "None", "<pending>", "<none>", "3d", "<none>"],
        ),
        (
            REPLICATION_CONTROLLER,
            {
                "spec": {
                    "replicas": 4,
                    "selector": {"App": "Nifty"},
                    "template": {"spec": {"containers": [{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]}},
                },
                "status": {"replicas": 3, "readyReplicas": 2},
            },
            ["x", 4, 3, 2, "3d", "a,b", "i,j", "App=Nifty"],
        ),
        (ENDPOINTS, {}, ["x", "<none>", "3d"]),
        (
            ENDPOINTS,
            {
                "subsets": [
                    {"addresses": [{"ip": f"127.64.0.{i}"} for i in range(1, 5)], "ports": [{"port": 80}]},
                    {"addresses": [{"ip": "::1"}], "ports": [{"port": 80}]},
                ]
            },
            ["x", "127.64.0.1:80,127.64.0.2:80,127.64.0.3:80 + 2 more...", "3d"],
        ),
        (ENDPOINTS, {"subsets": [{"addresses": [{"ip": "::1"}], "ports": [{"port": 80}]}]}, ["x", "[::1]:80", "3d"]),
        (ENDPOINTS, {"subsets": [{"addresses": [{"ip": "::1"}]}]}, ["x", "::1", "3d"]),
        (
            PLUGIN,
            {
                "spec": {"role": "scheduler", "driver": "binpack"},
                "status": {"driver": "default", "distribution": "kubernel", "version": "0.1.0", "phase": "Failed"},
            },
            ["x", "scheduler", "binpack", "default", "Failed", 0, "3d", "kubernel 0.1.0", ""],
        ),
    ],
)
def test_cells_are_those_of_kubectl(kind: Kind[Any], plain: Plain, expected: list[Any], now: datetime) -> None:
    assert cells(kind, plain, now) == expected


def test_node_row(now: datetime) -> None:
    info = {
        "architecture": "", "bootID": "", "containerRuntimeVersion": "process://0.1.0", "kernelVersion": "6.1",
        "kubeProxyVersion": "", "kubeletVersion": "v0.1.0", "machineID": "", "operatingSystem": "linux",
        "osImage": "Debian", "systemUUID": "",
    }  # fmt: skip
    plain = {
        "metadata": {"labels": {"node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge"}},
        "spec": {"unschedulable": True},
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "nodeInfo": info,
        },
    }

    full, bare = cells(NODE, plain, now), cells(NODE, {}, now)

    assert full[1:5] == ["Ready,SchedulingDisabled", "edge,worker", "3d", "v0.1.0"]
    assert full[5:] == ["127.0.0.1", "<none>", "Debian", "6.1", "process://0.1.0"]
    assert bare[1:5] == ["Unknown", "<none>", "3d", ""]
    assert bare[5:] == ["<none>", "<none>", "<unknown>", "<unknown>", "<unknown>"]
    assert cells(NODE, {"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}, now)[1] == "NotReady"


def test_event_row(now: datetime) -> None:
    plain = {
        "involvedObject": {"kind": "Pod", "name": "web", "fieldPath": "spec.containers{c}"},
        "type": "Normal",
        "reason": "Started",
        "message": "Started container c\n",
        "source": {"component": "agent", "host": "n1"},
        "firstTimestamp": (now - timedelta(minutes=5)).isoformat(),
        "lastTimestamp": (now - timedelta(seconds=2)).isoformat(),
        "count": 4,
    }
    series = {"involvedObject": {"kind": "Node"}, "series": {"count": 7}, "eventTime": now.isoformat()}

    expected = ["2s", "Normal", "Started", "pod/web", "spec.containers{c}", "agent, n1"]
    assert cells(EVENT, plain, now) == [*expected, "Started container c", "5m", 4, "x"]
    assert cells(EVENT, series, now)[0] == "<unknown>"
    assert cells(EVENT, series, now)[7:9] == ["0s", 7]
    assert cells(EVENT, {"involvedObject": {}}, now)[8] == 1


def test_rows_carry_what_is_asked_for(now: datetime) -> None:
    pod = msgspec.convert({"metadata": {"name": "p"}, "spec": {"containers": []}}, POD.type)

    metadata, whole, nothing = (
        msgspec.to_builtins(table(POD, [pod], now=now, include=include))["rows"][0]
        for include in ("Metadata", "Object", "None")
    )

    assert metadata["object"] == {
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"name": "p"},
    }
    assert whole["object"]["spec"] == {"containers": []}
    assert (whole["object"]["apiVersion"], whole["object"]["kind"]) == ("v1", "Pod")
    assert nothing.keys() == {"cells"}
