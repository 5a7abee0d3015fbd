from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import POD, REPLICATION_CONTROLLER
from kubernel.objects.models import Plain, core
from kubernel.objects.pods.defaults import default_pod, pull_policy

Create = Callable[..., Any]

FULL: Plain = {
    "containers": [
        {
            "name": "web",
            "image": "web:1",
            "ports": [{"containerPort": 80}],
            "env": [
                {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
                {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
            ],
            "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}, "requests": {"memory": "0.5Gi"}},
            "livenessProbe": {"httpGet": {"port": 80}},
            "readinessProbe": {"grpc": {"port": 81}, "periodSeconds": 3},
            "lifecycle": {"preStop": {"httpGet": {"port": "http"}}},
        }
    ],
    "initContainers": [{"name": "init"}],
    "serviceAccountName": "robot",
    "volumes": [
        {"name": "a"},
        {"name": "b", "secret": {"secretName": "s"}},
        {"name": "c", "configMap": {"name": "c"}},
        {"name": "d", "hostPath": {"path": "/srv"}},
        {"name": "e", "downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}]}},
        {"name": "f", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
    ],
}


def spec_of(obj: core.Pod) -> Plain:
    result: Plain = msgspec.to_builtins(obj.spec)
    return result


def test_smallest_pod_gets_the_defaults_of_kubernetes(create: Create) -> None:
    pod = create(POD, {"spec": {"containers": [{"name": "c", "image": "busybox"}]}})

    assert spec_of(pod) == {
        "containers": [
            {
                "name": "c",
                "image": "busybox",
                "imagePullPolicy": "Always",
                "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }
        ],
        "dnsPolicy": "ClusterFirst",
        "enableServiceLinks": True,
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }
    assert msgspec.to_builtins(pod.status) == {"phase": "Pending", "qosClass": "BestEffort"}


def test_template_lacks_what_only_pods_get(create: Create) -> None:
    template = {
        "metadata": {"labels": {"a": "1"}},
        "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "1"}}}]},
    }

    spec = create(REPLICATION_CONTROLLER, {"spec": {"template": template}}).spec.template.spec

    assert spec.enableServiceLinks is None
    assert spec.containers[0].resources.requests is None
    assert spec.restartPolicy == "Always"


def test_everything_below_the_spec_is_filled_in(create: Create) -> None:
    spec = create(POD, {"spec": {**FULL, "initContainers": [{"name": "init", "image": "i@sha256:0"}]}}).spec
    container, volumes = spec.containers[0], {v.name: v for v in spec.volumes}

    assert container.ports[0].protocol == "TCP"
    assert container.env[0].valueFrom.fieldRef.apiVersion == "v1"
    assert container.env[1].valueFrom.resourceFieldRef.divisor == "0"
    assert container.resources.limits == {"cpu": "500m", "memory": "1Gi"}
    assert container.resources.requests == {"cpu": "500m", "memory": "512Mi"}
    assert (container.livenessProbe.httpGet.path, container.livenessProbe.httpGet.scheme) == ("/", "HTTP")
    assert (container.livenessProbe.periodSeconds, container.livenessProbe.failureThreshold) == (10, 3)
    assert (container.readinessProbe.grpc.service, container.readinessProbe.periodSeconds) == ("", 3)
    assert container.lifecycle.preStop.httpGet.scheme == "HTTP"
    assert spec.initContainers[0].imagePullPolicy == "IfNotPresent"
    assert (spec.serviceAccount, spec.serviceAccountName) == ("robot", "robot")
    assert volumes["a"].emptyDir == core.EmptyDirVolumeSource()
    assert {volumes["b"].secret.defaultMode, volumes["c"].configMap.defaultMode} == {420}
    assert {volumes["e"].downwardAPI.defaultMode, volumes["f"].projected.defaultMode} == {420}
    assert volumes["d"].hostPath.type == ""
    assert volumes["e"].downwardAPI.items[0].fieldRef.apiVersion == "v1"
    assert volumes["f"].projected.sources[0].serviceAccountToken.expirationSeconds == 3600


def test_host_network_gives_ports_to_the_host(create: Create) -> None:
    container = {"name": "c", "image": "i", "ports": [{"containerPort": 80}]}

    pod = create(POD, {"spec": {"hostNetwork": True, "containers": [container]}})

    assert pod.spec.containers[0].ports[0].hostPort == 80


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("busybox", "Always"),
        ("busybox:latest", "Always"),
        ("busybox:1.36", "IfNotPresent"),
        ("registry:5000/busybox", "Always"),
        ("registry:5000/busybox:1", "IfNotPresent"),
        ("busybox@sha256:0123", "IfNotPresent"),
        ("busybox:latest@sha256:0123", "Always"),
    ],
)
def test_pull_policy_follows_the_tag(image: str, policy: str) -> None:
    assert pull_policy(image) == policy


@pytest.mark.parametrize(
    ("limits", "requests", "expected"),
    [
        (None, None, "BestEffort"),
        ({"cpu": "1", "memory": "1Gi"}, None, "Guaranteed"),
        ({"cpu": "1", "memory": "1Gi"}, {"cpu": "1000m", "memory": "1024Mi"}, "Guaranteed"),
        ({"cpu": "1"}, None, "Burstable"),
        (None, {"memory": "1Mi"}, "Burstable"),
        ({"cpu": "1", "memory": "1Gi"}, {"cpu": "500m"}, "Burstable"),
        ({"example.com/gpu": "1"}, None, "BestEffort"),
    ],
)
def test_qos_class_follows_cpu_and_memory(
    create: Create, limits: Plain | None, requests: Plain | None, expected: str
) -> None:
    resources = {"limits": dict(limits or {}), "requests": dict(requests or {})}

    pod = create(POD, {"spec": {"containers": [{"name": "c", "image": "i", "resources": resources}]}})

    assert pod.status.qosClass == expected


def test_malformed_quantity_is_a_bad_request(create: Create) -> None:
    for quantity in ("1 core", None, ["1"], True):
        resources = {"limits": {"cpu": quantity}}
        with pytest.raises(
            StatusError, match='Pod in version "v1" cannot be handled as a Pod: quantities must'
        ) as caught:
            create(POD, {"spec": {"containers": [{"name": "c", "image": "i", "resources": resources}]}})
        assert caught.value.code == 400


def subsets(value: Any) -> st.SearchStrategy[Any]:
    """Draw the value with optional parts left out; ``name`` and other required members stay."""
    required = {"name", "containerPort", "port", "fieldPath", "resource", "path", "containers"}
    if isinstance(value, dict):
        fixed = {key: subsets(member) for key, member in value.items() if key in required}
        return st.fixed_dictionaries(
            fixed, optional={key: subsets(member) for key, member in value.items() if key not in required}
        )
    if isinstance(value, list):
        return st.tuples(*map(subsets, value)).map(list)
    return st.just(value)


@given(subsets(FULL))
def test_defaults_are_idempotent(plain: Plain) -> None:
    spec = msgspec.convert(plain, core.PodSpec)

    default_pod(spec)
    once = msgspec.json.encode(spec)
    default_pod(spec)

    assert msgspec.json.encode(spec) == once
