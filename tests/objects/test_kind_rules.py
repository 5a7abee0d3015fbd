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
    SERVICE_ACCOUNT,
)
from kubernel.objects.models import Plain, core

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]

CONTAINERS: Plain = {"containers": [{"name": "c", "image": "i"}]}


def controller(selector: Plain | None, labels: Plain, **more: Any) -> Plain:
    template = {"metadata": {"labels": labels}, "spec": {**CONTAINERS, **more.pop("pod", {})}}
    return {"spec": {"selector": selector, "template": template, **more}}


def data(text: str) -> str:
    return b64encode(text.encode()).decode()


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
    (SECRET, {"type": "kubernetes.io/tls", "data": {"tls.crt": ""}}, ["data[tls.key]: Required value"]),
    (SECRET, {"data": {"a": data("x" * (1 << 20))}}, []),
    (SECRET, {"data": {"a": data("x" * ((1 << 20) + 1))}}, ["data: Too long: may not be more than 1048576 bytes"]),
    (
        SECRET,
        {"type": "kubernetes.io/ssh-auth", "data": {"ssh-privatekey": ""}},
        ["data[ssh-privatekey]: Required value"],
    ),
    (SECRET, {"type": "kubernetes.io/dockercfg"}, ["data[.dockercfg]: Required value"]),
    (SECRET, {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": data('{"auths": {}}')}}, []),
    (
        SECRET,
        {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": data("[]")}},
        ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": it is not an object'],
    ),
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
        [
            (
                'metadata.taints[1]: Duplicate value: {"effect":"NoExecute","key":"a","value":"b"}: '
                "taints must be unique by key and effect pair"
            )
        ],
    ),
    (
        NODE,
        {"spec": {"taints": [{"key": "a", "effect": "Bad"}]}},
        [
            (
                'metadata.taints[0].effect: Unsupported value: "Bad": supported values: '
                '"NoSchedule", "PreferNoSchedule", "NoExecute"'
            )
        ],
    ),
    (NODE, {"status": {"capacity": {"cpu": "4", "pods": "110"}}}, []),
    (
        NODE,
        {"status": {"capacity": {"cpu": "-1"}, "allocatable": {"pods": "1500m"}}},
        [
            'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
            'status.allocatable.pods: Invalid value: "1500m": must be an integer',
        ],
    ),
    (NODE, {"spec": {"podCIDRs": ["10.0.0.0/24", "2001:db8::/64"]}}, []),
    (
        NODE,
        {"spec": {"podCIDRs": ["10.0.0.0/24", "10.0.0.0/24"]}},
        [
            (
                'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.0.0/24"]: '
                "may specify no more than one CIDR for each IP family"
            ),
            'spec.podCIDRs[1]: Duplicate value: "10.0.0.0/24"',
        ],
    ),
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
        ENDPOINTS,
        {"subsets": [{"addresses": [{"ip": "169.254.1.1", "hostname": "a.b", "nodeName": "_"}]}]},
        [
            'subsets[0].addresses[0].hostname: Invalid value: "a.b": must not contain dots',
            (
                'subsets[0].addresses[0].nodeName: Invalid value: "_": a lowercase RFC 1123 subdomain must consist of '
                "lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
                "(e.g. 'example.com', regex used for validation is "
                "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            ),
            (
                'subsets[0].addresses[0].ip: Invalid value: "169.254.1.1": '
                "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
            ),
        ],
    ),
    (
        LEASE,
        {"spec": {"preferredHolder": "a"}},
        ["spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"],
    ),
    (
        LEASE,
        {"spec": {"strategy": "Youngest", "preferredHolder": "a"}},
        [
            'spec.strategy.strategy: Unsupported value: "Youngest": supported values: "OldestEmulationVersion"',
        ],
    ),
    (LEASE, {"spec": {"strategy": "example.com/youngest", "preferredHolder": "a"}}, []),
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
    (
        NAMESPACE,
        {"spec": {"finalizers": ["mine"]}},
        [
            (
                'spec.finalizers: Invalid value: "mine": '
                "name is neither a standard finalizer name nor is it fully qualified"
            )
        ],
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


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        (
            SECRET,
            {"type": "kubernetes.io/ssh-auth", "data": {"ssh-privatekey": "QQ=="}},
            {"data": {"ssh-privatekey": "QQ=="}},
            ['type: Invalid value: "Opaque": field is immutable'],
        ),
        (
            NODE,
            {"spec": {"podCIDR": "10.0.0.0/24", "providerID": "a"}},
            {"spec": {"podCIDR": "10.0.1.0/24", "providerID": "b", "externalID": "c"}},
            [
                'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
                'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
                "spec.externalID: Forbidden: may not be updated",
            ],
        ),
    ],
)
def test_change_is_refused(
    forbidden_changes: Change, kind: Kind[Any], old: Plain, new: Plain, expected: list[str]
) -> None:
    assert forbidden_changes(kind, old, new) == expected


def test_phase_of_a_namespace_follows_its_deletion(forbidden_changes: Change) -> None:
    got = forbidden_changes(NAMESPACE, {}, {"status": {"phase": "Terminating"}}, subresource="status")

    why = "may only be 'Active' if `deletionTimestamp` is empty"
    assert got == [f'status.Phase: Invalid value: "Terminating": {why}']


def test_both_fields_of_a_nodes_ranges_say_the_same(create: Create) -> None:
    old = create(NODE, {"spec": {"podCIDR": "10.0.0.0/24"}}).spec
    new = create(NODE, {"spec": {"podCIDRs": ["10.0.0.0/24", "2001:db8::/64"]}}).spec

    assert (old.podCIDR, old.podCIDRs) == ("10.0.0.0/24", ["10.0.0.0/24"])
    assert (new.podCIDR, new.podCIDRs) == ("10.0.0.0/24", ["10.0.0.0/24", "2001:db8::/64"])


def test_account_keeps_only_the_names_of_its_secrets(create: Create) -> None:
    (secret,) = create(SERVICE_ACCOUNT, {"secrets": [{"name": "a", "namespace": "b", "kind": "Secret"}]}).secrets

    assert secret == core.ObjectReference(name="a")
