"""The rarer rules of a pod's spec: scheduling, volumes, environment, probes, privileges."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import POD
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]
MAX = 2147483647


def spec(**more: Any) -> Plain:
    return {"containers": [{"name": "c", "image": "i"}], **more}


def one(**more: Any) -> Plain:
    return {"containers": [{"name": "c", "image": "i", **more}]}


def volume(**source: Any) -> Plain:
    return spec(volumes=[{"name": "v", **source}])


def env(**source: Any) -> Plain:
    return one(env=[{"name": "A", "valueFrom": source}])


def required_nodes(**expression: Any) -> Plain:
    terms = [{"matchExpressions": [{"key": "a", **expression}]}]
    return spec(
        affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}
    )


N = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]"
A = "spec.affinity.podAntiAffinity"
C = "spec.containers[0]"
E = f"{C}.env[0].valueFrom"
V = "spec.volumes[0]"
S = "spec.topologySpreadConstraints"
RULES: list[tuple[Plain, list[str]]] = [
    (
        required_nodes(operator="In"),
        [f"{N}.values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    ),
    (
        required_nodes(operator="Exists", values=["x"]),
        [f"{N}.values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
    ),
    (
        required_nodes(operator="Gt", values=[]),
        [f"{N}.values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'"],
    ),
    (required_nodes(operator="Near"), [f'{N}.operator: Invalid value: "Near": not a valid selector operator']),
    (
        spec(
            affinity={
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": ""}],
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {"weight": 101, "podAffinityTerm": {"topologyKey": "zone"}}
                    ],
                }
            }
        ),
        [
            f"{A}.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
            f"{A}.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the",
        ],
    ),
    (
        spec(
            topologySpreadConstraints=[
                {"maxSkew": 0, "topologyKey": "zone", "whenUnsatisfiable": "Maybe"},
                {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "Maybe"},
            ]
        ),
        [
            f"{S}[0].maxSkew: Invalid value: 0: must be greater than zero",
            f'{S}[0].whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule"',
            f'{S}[1].whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule"',
            f'{S}[1].{{topologyKey, whenUnsatisfiable}}: Duplicate value: "{{zone, Maybe}}"',
        ],
    ),
    (
        spec(tolerations=[{"key": "a", "operator": "Exists", "value": "v", "tolerationSeconds": 1}]),
        [
            "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when",
            "spec.tolerations[0].operator: Invalid value: \"Exists\": value must be empty when `operator` is 'Exists'",
        ],
    ),
    (spec(hostAliases=[{"ip": "x"}]), ['spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, ']),
    (spec(hostname="a.b"), ['spec.hostname: Invalid value: "a.b": must not contain dots']),
    (spec(os={"name": "plan9"}), ['spec.os.name: Unsupported value: "plan9": supported values: "linux", "windows"']),
    (spec(overhead={"cpu": "-1"}), ['spec.overhead[cpu]: Invalid value: "-1": must be greater than or equal to 0']),
    (
        volume(hostPath={"path": "/a/../b", "type": "Dir"}),
        [
            f"{V}.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
            f'{V}.hostPath.type: Unsupported value: "Dir": supported values: "", ',
        ],
    ),
    (volume(emptyDir={"sizeLimit": "-1Mi"}), [f"{V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid"]),
    (volume(emptyDir={"sizeLimit": "much"}), [f'{V}.emptyDir.sizeLimit: Invalid value: "much": quantities must match']),
    (
        volume(configMap={"items": [{"key": "", "path": "/abs"}]}),
        [
            f"{V}.configMap.name: Required value",
            f"{V}.configMap.items[0].key: Required value",
            f'{V}.configMap.items[0].path: Invalid value: "/abs": must be a relative path',
        ],
    ),
    (volume(persistentVolumeClaim={"claimName": ""}), [f"{V}.persistentVolumeClaim.claimName: Required value"]),
    (
        volume(nfs={"server": "", "path": "x"}),
        [
            f"{V}.nfs.server: Required value",
            f'{V}.nfs.path: Invalid value: "x": must be an absolute path',
        ],
    ),
    (
        volume(downwardAPI={"items": [{"path": "a"}, {"path": "b", "fieldRef": {"fieldPath": "status.podIP"}}]}),
        [
            f"{V}.downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef is required",
            f'{V}.downwardAPI.items[1].fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: ',
        ],
    ),
    (
        volume(
            projected={
                "sources": [
                    {"secret": {}, "serviceAccountToken": {"path": "t", "expirationSeconds": 5}},
                    {"configMap": {"name": "c"}},
                    {"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
                ]
            }
        ),
        [
            f"{V}.projected.sources[0].secret.name: Required value",
            f"{V}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify",
            f"{V}.projected.sources[0]: Forbidden: may not specify more than 1 volume type",
        ],
    ),
    (env(), [f'{E}: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, ']),
    (
        env(fieldRef={"fieldPath": "metadata.uid"}, secretKeyRef={"name": "s", "key": "k"}),
        [f'{E}: Invalid value: "": may not have more than one field specified at a time'],
    ),
    (env(fieldRef={"fieldPath": ""}), [f"{E}.fieldRef.fieldPath: Required value"]),
    (env(fieldRef={"fieldPath": "metadata.labels"}), [f'{E}.fieldRef.fieldPath: Unsupported value: "metadata.labels"']),
    (env(fieldRef={"fieldPath": "metadata.labels['a']"}), []),
    (
        env(resourceFieldRef={"resource": "limits.gold"}),
        [f'{E}.resourceFieldRef.resource: Unsupported value: "limits.gold"'],
    ),
    (env(resourceFieldRef={"resource": ""}), [f"{E}.resourceFieldRef.resource: Required value"]),
    (
        one(envFrom=[{"prefix": "=", "configMapRef": {"name": ""}, "secretRef": {"name": "S"}}]),
        [
            f'{C}.envFrom[0].prefix: Invalid value: "=": a valid environment variable name',
            f'{C}.envFrom[0]: Invalid value: "": may not have more than one field specified at a time',
            f"{C}.envFrom[0].configMapRef.name: Required value",
            f'{C}.envFrom[0].secretRef.name: Invalid value: "S": a lowercase RFC 1123 subdomain',
        ],
    ),
    (
        one(
            readinessProbe={"httpGet": {"port": "http", "scheme": "FTP", "httpHeaders": [{"name": "a b", "value": ""}]}}
        ),
        [
            f'{C}.readinessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
            f'{C}.readinessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of',
        ],
    ),
    (
        one(startupProbe={"grpc": {"port": 0}, "tcpSocket": {"port": 1}, "terminationGracePeriodSeconds": 0}),
        [
            f"{C}.startupProbe.grpc: Forbidden: may not specify more than 1 handler type",
            f"{C}.startupProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
        ],
    ),
    (
        one(lifecycle={"preStop": {"sleep": {"seconds": -1}}, "postStart": {}}),
        [
            f"{C}.lifecycle.postStart: Required value: must specify a handler type",
            (
                f"{C}.lifecycle.preStop.sleep: Invalid value: -1: must be non-negative and less than "
                "terminationGracePeriodSeconds (30)"
            ),
        ],
    ),
    (
        one(
            securityContext={
                "allowPrivilegeEscalation": False,
                "privileged": True,
                "capabilities": {"add": ["CAP_SYS_ADMIN"]},
            }
        ),
        [
            f'{C}.securityContext: Invalid value: {{"allowPrivilegeEscalation":false,',
            f'{C}.securityContext: Invalid value: {{"allowPrivilegeEscalation":false,',
        ],
    ),
    (
        spec(securityContext={"supplementalGroups": [-1]}),
        [f"spec.securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and {MAX}, inclusive"],
    ),
    (
        {
            **one(
                volumeMounts=[{"name": "", "mountPath": ""}, {"name": "v", "mountPath": "/v", "mountPropagation": "Up"}]
            ),
            "volumes": [{"name": "v"}],
        },
        [
            f"{C}.volumeMounts[0].name: Required value",
            f"{C}.volumeMounts[0].mountPath: Required value",
            f'{C}.volumeMounts[1].mountPropagation: Unsupported value: "Up": supported values: "Bidirectional", ',
        ],
    ),
    (
        {**one(ports=[{"containerPort": 80, "hostPort": 81}]), "hostNetwork": True},
        [f"{C}.ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"],
    ),
    (one(restartPolicy="Perhaps"), [f'{C}.restartPolicy: Unsupported value: "Perhaps": supported values: "Always", ']),
    (
        one(resources={"limits": {"gold": "1", "example.com/g": "2"}, "requests": {"example.com/g": "1"}}),
        [
            f'{C}.resources.limits: Invalid value: "gold": must be a standard resource for containers',
            f'{C}.resources.requests: Invalid value: "gold": must be a standard resource for containers',
            f'{C}.resources.requests: Invalid value: "1": must be equal to example.com/g limit of 2',
        ],
    ),
]


@pytest.mark.parametrize(("plain", "expected"), RULES)
def test_rule_is_kept_in_the_words_of_kubernetes(complaints: Complain, plain: Plain, expected: list[str]) -> None:
    found = complaints(POD, {"spec": plain})

    assert [sentence[: len(start)] for sentence, start in zip(found, expected, strict=False)] == expected
    assert len(found) == len(expected), found
