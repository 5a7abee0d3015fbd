"""What clients are warned of, kind by kind, in Kubernetes' words."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects import codec
from kubernel.objects.custom.definition import set_condition
from kubernel.objects.custom.served import kinds_of
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.lifecycle import begin_new

KINDS = {kind.name: kind for kind in BUILTIN}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTAINER: dict[str, Any] = {"name": "c", "image": "i"}
HTTP: dict[str, Any] = {"containerPort": 80}
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
BETA_CLASS = "volume.beta.kubernetes.io/storage-class"
RECYCLE = (
    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach "
    "is to use dynamic provisioning."
)
ZONE = (
    'allowedTopologies[0].matchLabelExpressions[0]: deprecated since v1.17; use "topology.kubernetes.io/zone" instead'
)
NO_SELECTOR = "a null labelSelector results in matching no pod"


def warned(kind: Kind[Any], obj: dict[str, Any], old: dict[str, Any] | None = None) -> list[str]:
    new, before = (_made(kind, plain) if plain is not None else None for plain in (obj, old))
    return list(kind.warnings(new, before))


def _made(kind: Kind[Any], plain: dict[str, Any]) -> Any:
    plain = {**plain, "metadata": {"name": "web", **plain.get("metadata", {})}}
    obj, _ = codec.decode_new(kind, msgspec.json.encode(plain))
    begin_new(kind, obj, namespace="default" if kind.namespaced else None, now=NOW)
    return obj


def pod(**spec: Any) -> dict[str, Any]:
    return {"spec": {"containers": [CONTAINER], **spec}}


def containers(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"containers": [{**CONTAINER, "name": f"c{i}", **change} for i, change in enumerate(changes)]}


POD_SPECS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    (containers({"ports": [HTTP], "env": [{"name": "A", "value": "1"}]}), []),
    (
        {"nodeSelector": {"beta.kubernetes.io/os": "linux"}},
        ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ),
    (
        {"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]},
        [f"spec.topologySpreadConstraints[0].labelSelector: {NO_SELECTOR}"],
    ),
    (
        {"volumes": [{"name": "v", "gitRepo": {"repository": "r"}}]},
        ["spec.volumes[0].gitRepo: deprecated in v1.11"],
    ),
    (
        {"imagePullSecrets": [{"name": "s"}, {"name": "s"}, {}]},
        [
            'spec.imagePullSecrets[1].name: duplicate name "s"',
            'spec.imagePullSecrets[2].name: invalid empty name ""',
        ],
    ),
    (
        containers(
            {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}, {"name": "A", "value": "$(A)3"}]}
        ),
        ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ),
    (
        containers({"resources": {"requests": {"memory": "1500m"}}}),
        ['spec.containers[0].resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer'],
    ),
    (
        containers({"ports": [HTTP]}, {"ports": [HTTP]}, {"ports": [{**HTTP, "hostPort": 80}]}),
        [
            "spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]",
            "spec.containers[2].ports[0]: overlapping port definition with spec.containers[0].ports[0]",
            "spec.containers[2].ports[0]: overlapping port definition with spec.containers[1].ports[0]",
        ],
    ),
    (
        {"terminationGracePeriodSeconds": -1},
        ["spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"],
    ),
]


@pytest.mark.parametrize(("spec", "warnings"), POD_SPECS)
def test_doubtful_pod_is_warned_of(spec: dict[str, Any], warnings: list[str]) -> None:
    assert warned(KINDS["Pod"], pod(**spec)) == warnings


@pytest.mark.parametrize(("spec", "warnings"), POD_SPECS)
def test_doubtful_template_is_warned_of_once(spec: dict[str, Any], warnings: list[str]) -> None:
    template = {"metadata": {"labels": {"a": "b"}}, **pod(**spec)}
    deployment = {"spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}}
    job = {"spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}}

    inside = [warning.replace("spec.", "spec.template.spec.") for warning in warnings]
    assert warned(KINDS["Deployment"], deployment) == inside
    assert warned(KINDS["Deployment"], deployment, deployment) == []
    assert warned(KINDS["CronJob"], job) == [
        warning.replace("spec.template.", "spec.jobTemplate.spec.template.") for warning in inside
    ]


def test_annotations_that_became_fields_are_warned_of() -> None:
    annotated = {"metadata": {"annotations": {SECCOMP: "runtime/default"}}, **pod()}
    confined = {**annotated, **pod(securityContext={"seccompProfile": {"type": "RuntimeDefault"}})}

    assert warned(KINDS["Pod"], annotated) == [
        f'metadata.annotations[{SECCOMP}]: non-functional in v1.27+; use the "seccompProfile" field instead'
    ]
    assert warned(KINDS["Pod"], confined) == []


def test_name_with_a_dot_is_warned_of_when_pods_are_called_by_it() -> None:
    dotted = {"metadata": {"name": "a.b"}, **pod()}

    (of_pod,) = warned(KINDS["Pod"], dotted)

    start = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
    assert of_pod.startswith(f"{start}a DNS label is recommended: [must not contain dots]")
    assert warned(KINDS["Pod"], dotted, dotted) == []


@pytest.mark.parametrize(
    ("kind", "obj", "warnings"),
    [
        (
            "Service",
            {"spec": {"ports": [{"port": 80}], "externalIPs": ["192.0.2.1"]}},
            ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"],
        ),
        (
            "Service",
            {"spec": {"clusterIP": "None", "sessionAffinity": "ClientIP", "externalName": "x.example.com"}},
            [
                "spec.SessionAffinity is ignored for headless services",
                'spec.externalName is ignored when spec.type is not "ExternalName"',
            ],
        ),
        (
            "Service",
            {"spec": {"ports": [{"port": 80}], "trafficDistribution": "PreferClose"}},
            ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
        ),
        (
            "Ingress",
            {"metadata": {"annotations": {"kubernetes.io/ingress.class": "nginx"}}, "spec": {"defaultBackend": {}}},
            ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"],
        ),
        (
            "PersistentVolumeClaim",
            {"metadata": {"annotations": {BETA_CLASS: "x"}}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}},
            [f'metadata.annotations[{BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead'],
        ),
        (
            "PersistentVolume",
            {"spec": {"persistentVolumeReclaimPolicy": "Recycle", "rbd": {"image": "i", "monitors": ["m"]}}},
            [
                RECYCLE,
                "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
            ],
        ),
        (
            "StorageClass",
            {
                "provisioner": "p",
                "allowedTopologies": [
                    {"matchLabelExpressions": [{"key": "failure-domain.beta.kubernetes.io/zone", "values": ["a"]}]}
                ],
            },
            [
                ZONE,
            ],
        ),
    ],
)
def test_doubtful_object_is_warned_of(kind: str, obj: dict[str, Any], warnings: list[str]) -> None:
    assert warned(KINDS[kind], obj) == warnings


def definition(**schema: Any) -> dict[str, Any]:
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", **schema}},
    }
    names = {"plural": "lamps", "kind": "Lamp"}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [version]}
    return {"metadata": {"name": "lamps.example.com"}, "spec": spec}


def test_format_that_nobody_checks_is_warned_of_when_it_is_new() -> None:
    kind, odd = KINDS["CustomResourceDefinition"], {"type": "string", "format": "hue"}
    new = definition(properties={"colour": odd, "other": odd, "at": {"type": "string", "format": "date-time"}})

    assert warned(kind, new) == ['unrecognized format "hue"']
    assert warned(kind, new, new) == []
    assert warned(kind, new, definition()) == ['unrecognized format "hue"']


def test_finalizer_without_a_domain_is_warned_of_when_it_is_new() -> None:
    made = _made(KINDS["CustomResourceDefinition"], definition())
    set_condition(made, "Established", "True", "InitialNamesAccepted", "", NOW)
    made.status.acceptedNames = made.spec.names
    (lamp,) = kinds_of(made, None)  # type: ignore[arg-type]  # it has no webhook that could be asked
    bare = {"metadata": {"finalizers": ["mine", "a.example.com", "example.com/own", "orphan"]}}

    end = "to avoid accidental conflicts with other finalizer writers"
    assert warned(lamp, bare) == [
        f'metadata.finalizers: "a.example.com": prefer a domain-qualified finalizer name including a path (/) {end}',
        f'metadata.finalizers: "mine": prefer a domain-qualified finalizer name {end}',
    ]
    assert warned(lamp, bare, bare) == []
