"""Objects that lack required values: these and all other broken rules are told at once."""

from typing import Any

import msgspec
import pytest
from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import BUILTIN

KINDS = {kind.name: kind for kind in BUILTIN}
CONTAINER = {"env": [{"value": "x"}], "image": "a", "ports": [{"name": "http"}], "lifecycle": {"preStop": {}}}


def _told(kind: str, obj: dict[str, Any]) -> list[str]:
    with pytest.raises(StatusError) as caught:
        codec.decode_new(KINDS[kind], msgspec.json.encode(obj))
    assert (caught.value.code, caught.value.name, caught.value.kind) == (422, "a", kind)
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


@pytest.mark.parametrize(
    ("kind", "spec", "told"),
    [
        (
            "Deployment",
            {"replicas": -1},
            [
                "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                "spec.selector: Required value",
                "spec.template.spec.containers: Required value",
            ],
        ),
        (
            "Pod",
            {"containers": [CONTAINER], "restartPolicy": "Often"},
            [
                "spec.containers[0].name: Required value",
                "spec.containers[0].ports[0].containerPort: Required value",
                "spec.containers[0].env[0].name: Required value",
                "spec.containers[0].lifecycle.preStop: Required value: must specify a handler type",
                'spec.restartPolicy: Unsupported value: "Often": supported values: "Always", "OnFailure", "Never"',
            ],
        ),
        (
            "Service",
            {"ports": [{}], "sessionAffinity": "Odd"},
            [
                "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
                "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
                'spec.sessionAffinity: Unsupported value: "Odd": supported values: "ClientIP", "None"',
            ],
        ),
        (
            "Ingress",
            {"defaultBackend": {}, "rules": [{"http": {"paths": [{}]}}]},
            [
                "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
                'spec.defaultBackend: Invalid value: "": resource or service backend is required',
            ],
        ),
    ],
)
def test_incomplete_object_is_told_every_broken_rule(kind: str, spec: dict[str, Any], told: list[str]) -> None:
    assert sorted(_told(kind, {"metadata": {"name": "a"}, "spec": spec})) == sorted(told)


def test_incomplete_object_is_told_of_its_metadata() -> None:
    labels = {"metadata": {"name": "a", "labels": {"-": "x"}}}

    told = _told("StorageClass", labels)

    assert [sentence.partition(":")[0] for sentence in told] == ["metadata.labels", "provisioner"]


def test_missing_value_is_told_when_no_rule_minds_its_zero() -> None:
    status = {"conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [{"name": "a"}]}

    told = _told(
        "Pod", {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "b"}]}, "status": status}
    )

    assert told == [
        f"status.containerStatuses[0].{name}: Required value" for name in ("image", "imageID", "ready", "restartCount")
    ]
