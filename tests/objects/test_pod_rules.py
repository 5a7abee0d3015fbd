from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import POD
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]

LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)


def container(**more: Any) -> Plain:
    return {"name": "c", "image": "i", **more}


def spec(**more: Any) -> Plain:
    return {"containers": [container()], **more}


def one(**more: Any) -> Plain:
    return {"containers": [container(**more)]}


C = "spec.containers[0]"
BROKEN: list[tuple[Plain, list[str]]] = [
    ({"containers": []}, ["spec.containers: Required value"]),
    (one(name="Bad_Name"), [f'{C}.name: Invalid value: "Bad_Name": {LABEL}']),
    (one(name="a.b"), [f'{C}.name: Invalid value: "a.b": must not contain dots']),
    (one(name=""), [f"{C}.name: Required value"]),
    (one(image=""), [f"{C}.image: Required value"]),
    (one(image=" i"), [f'{C}.image: Invalid value: " i": must not have leading or trailing whitespace']),
    (
        one(imagePullPolicy="Often"),
        [f'{C}.imagePullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"'],
    ),
    (
        {"containers": [container(), container()]},
        ['spec.containers[1].name: Duplicate value: "c"'],
    ),
    (
        spec(initContainers=[container()]),
        ['spec.initContainers[0].name: Duplicate value: "c"'],
    ),
    (
        spec(initContainers=[{"name": "i", "image": "i", "readinessProbe": {"exec": {"command": ["x"]}}}]),
        [
            (
                "spec.initContainers[0].readinessProbe: Forbidden: "
                "may not be set for init containers without restartPolicy=Always"
            )
        ],
    ),
    (
        spec(restartPolicy="Sometimes"),
        ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ),
    (
        spec(dnsPolicy="None"),
        [("spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None")],
    ),
    (
        one(ports=[{"containerPort": 70000}]),
        [f"{C}.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"],
    ),
    (one(ports=[{"containerPort": 0}]), [f"{C}.ports[0].containerPort: Required value"]),
    (
        one(ports=[{"containerPort": 80, "protocol": "tcp"}]),
        [f'{C}.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
    ),
    (
        one(ports=[{"containerPort": 80, "name": "a-very-long-port-name"}]),
        [f'{C}.ports[0].name: Invalid value: "a-very-long-port-name": must be no more than 15 characters'],
    ),
    (
        one(ports=[{"containerPort": 80, "name": "w"}, {"containerPort": 81, "name": "w"}]),
        [f'{C}.ports[1].name: Duplicate value: "w"'],
    ),
    (
        one(ports=[{"containerPort": 80, "hostPort": 8080}, {"containerPort": 81, "hostPort": 8080}]),
        [f'{C}.ports[1].hostPort: Duplicate value: "TCP//8080"'],
    ),
    (one(env=[{"name": ""}]), [f"{C}.env[0].name: Required value"]),
    (
        one(env=[{"name": "A=B"}]),
        [
            (
                f'{C}.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of '
                "printable ASCII characters other than '='"
            )
        ],
    ),
    (
        one(env=[{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
        [f'{C}.env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
    ),
    (
        one(env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.colour"}}}]),
        [
            (
                f'{C}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.colour": '
                "error converting fieldPath: field label not supported: spec.colour"
            )
        ],
    ),
    (
        one(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "", "key": ""}}}]),
        [
            f"{C}.env[0].valueFrom.configMapKeyRef.name: Required value",
            f"{C}.env[0].valueFrom.configMapKeyRef.key: Required value",
        ],
    ),
    (
        one(envFrom=[{}]),
        [f'{C}.envFrom[0]: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
    ),
    (
        one(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}),
        [f'{C}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ),
    (
        one(resources={"limits": {"memory": "-1Gi"}, "requests": {"memory": "-1Gi"}}),
        [
            f'{C}.resources.limits[memory]: Invalid value: "-1Gi": must be greater than or equal to 0',
            f'{C}.resources.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0',
        ],
    ),
    (
        one(resources={"requests": {"example.com/gpu": "1"}}),
        [f"{C}.resources.limits: Required value: Limit must be set for non overcommitable resources"],
    ),
    (one(volumeMounts=[{"name": "v", "mountPath": "/v"}]), [f'{C}.volumeMounts[0].name: Not found: "v"']),
    (
        {
            "volumes": [{"name": "v"}],
            **one(volumeMounts=[{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v", "subPath": "../x"}]),
        },
        [
            f'{C}.volumeMounts[1].mountPath: Invalid value: "/v": must be unique',
            f"{C}.volumeMounts[1].subPath: Invalid value: \"../x\": must not contain '..'",
        ],
    ),
    (
        spec(volumes=[{"name": "v", "emptyDir": {}, "hostPath": {"path": "/srv"}}]),
        ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"],
    ),
    (
        spec(volumes=[{"name": "v", "secret": {"defaultMode": 512}}]),
        [
            "spec.volumes[0].secret.secretName: Required value",
            (
                "spec.volumes[0].secret.defaultMode: Invalid value: 512: "
                "must be a number between 0 and 0777 (octal), both inclusive"
            ),
        ],
    ),
    (spec(volumes=[{"name": "v"}, {"name": "v"}]), ['spec.volumes[1].name: Duplicate value: "v"']),
    (one(livenessProbe={}), [f"{C}.livenessProbe: Required value: must specify a handler type"]),
    (
        one(livenessProbe={"tcpSocket": {"port": 0}, "successThreshold": 2}),
        [
            f"{C}.livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            f"{C}.livenessProbe.successThreshold: Invalid value: 2: must be 1",
        ],
    ),
    (
        one(readinessProbe={"exec": {"command": []}, "periodSeconds": -1}),
        [
            f"{C}.readinessProbe.exec.command: Required value",
            f"{C}.readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
        ],
    ),
    (
        one(securityContext={"runAsUser": -1}),
        [f"{C}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"],
    ),
    (
        spec(tolerations=[{"operator": "Equal", "value": "v"}]),
        [
            (
                'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, '
                'which means "match all values and all keys"'
            )
        ],
    ),
    (
        spec(tolerations=[{"key": "a", "effect": "Never"}]),
        [
            (
                'spec.tolerations[0].effect: Unsupported value: "Never": supported values: '
                '"NoSchedule", "PreferNoSchedule", "NoExecute"'
            )
        ],
    ),
    (
        spec(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}),
        [
            (
                "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: "
                "Required value: must have at least one node selector term"
            )
        ],
    ),
    (
        spec(activeDeadlineSeconds=0),
        ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"],
    ),
    (
        spec(ephemeralContainers=[container(name="guest")]),
        ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ),
    (
        spec(schedulingGates=[{"name": "g"}], nodeName="n1"),
        ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ),
    (
        spec(nodeSelector={"a b": "c"}),
        [
            (
                'spec.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '
                "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name', "
                " or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
            )
        ],
    ),
]


@pytest.mark.parametrize(("broken", "expected"), BROKEN)
def test_broken_spec_is_refused_with_every_reason(complaints: Complain, broken: Plain, expected: list[str]) -> None:
    assert complaints(POD, {"spec": broken}) == expected


def test_rich_spec_is_accepted(complaints: Complain) -> None:
    rich = spec(
        affinity={
            "nodeAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 1, "preference": {"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]}}
                ]
            },
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "1"}}}
                ]
            },
        },
        topologySpreadConstraints=[{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
        tolerations=[{"operator": "Exists"}, {"key": "a", "effect": "NoExecute", "tolerationSeconds": 5}],
        initContainers=[
            {"name": "side", "image": "i", "restartPolicy": "Always", "startupProbe": {"tcpSocket": {"port": "http"}}}
        ],
        hostAliases=[{"ip": "127.0.0.1", "hostnames": ["a.example"]}],
        readinessGates=[{"conditionType": "example.com/ready"}],
        dnsConfig={"nameservers": ["127.0.0.1"]},
        securityContext={"runAsUser": 1000, "fsGroup": 0},
        preemptionPolicy="Never",
        os={"name": "linux"},
    )

    assert complaints(POD, {"spec": rich}) == []


def test_pod_without_spec_is_refused(complaints: Complain) -> None:
    assert complaints(POD, {}) == ["spec.containers: Required value"]


def test_verdicts_on_equal_specs_are_equal(complaints: Complain) -> None:
    broken = one(image="", name="")

    assert complaints(POD, {"spec": broken}) == complaints(POD, {"spec": broken})
