"""Rules of devices: what is offered, what is claimed, and what was given."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.lifecycle import prepare_changed, prepare_new

from tests.objects.kind_samples import sample_of

KINDS = {kind.name: kind for kind in BUILTIN}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GPU = {"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com"}}
DEVICE = {"name": "d", "attributes": {"model": {"string": "x"}}, "capacity": {"memory": {"value": "4096Mi"}}}
RESULT = {"request": "gpu", "driver": "a.example.com", "pool": "p", "device": "d"}
SLICE: dict[str, Any] = {
    "driver": "a.example.com",
    "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1},
    "nodeName": "n",
    "devices": [DEVICE],
}


def made(kind: str, spec: dict[str, Any]) -> Any:
    found = KINDS[kind]
    obj, _ = codec.decode_new(found, msgspec.json.encode({"metadata": {"name": "a"}, "spec": spec}))
    prepare_new(found, obj, namespace="default" if found.namespaced else None, now=NOW)
    return obj


def told(kind: str, spec: dict[str, Any]) -> list[str]:
    with pytest.raises(StatusError) as caught:
        made(kind, spec)
    assert caught.value.code == 422
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


def claim(*requests: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"devices": {"requests": list(requests), **more}}


def offered(**device: Any) -> dict[str, Any]:
    return {**SLICE, "devices": [{**DEVICE, **device}]}


def test_claim_asks_for_one_device_unless_it_says_how_many() -> None:
    several = {"name": "any", "firstAvailable": [{"name": "big", "deviceClassName": "c", "allocationMode": "All"}]}

    requests = made("ResourceClaim", claim(GPU, several)).spec.devices.requests

    assert (requests[0].exactly.allocationMode, requests[0].exactly.count) == ("ExactCount", 1)
    assert requests[1].firstAvailable[0].count is None


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        (
            claim({"name": "a"}),
            "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable`",
        ),
        (claim(GPU, GPU), 'spec.devices.requests[1]: Duplicate value: "gpu"'),
        (
            claim({"name": "a", "exactly": {"deviceClassName": "c", "allocationMode": "All", "count": 2}}),
            "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is",
        ),
        (
            claim({"name": "a", "exactly": {"deviceClassName": "c", "selectors": [{"cel": {"expression": "1 +"}}]}}),
            'spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: "1 +": compilation failed',
        ),
        (
            claim(GPU, constraints=[{"requests": ["cpu"], "matchAttribute": "a.example.com/numa"}]),
            'spec.devices.constraints[0].requests[0]: Invalid value: "cpu": must be the name of a request in the claim',
        ),
        (
            claim(GPU, constraints=[{"matchAttribute": "numa"}]),
            'spec.devices.constraints[0].matchAttribute: Invalid value: "numa": a fully qualified name must be',
        ),
        (
            claim(GPU, config=[{"opaque": {"driver": "a.example.com", "parameters": {"a": "x" * 10240}}}]),
            "spec.devices.config[0].opaque.parameters: Too long: may not be more than 10240 bytes",
        ),
    ],
)
def test_wrong_claim_is_refused_as_kubernetes_words_it(spec: dict[str, Any], wrong: str) -> None:
    assert told("ResourceClaim", spec)[0].startswith(wrong)
    assert told("ResourceClaimTemplate", {"spec": spec})[0].startswith(f"spec.{wrong}")


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        ({**SLICE, "allNodes": True}, 'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`'),
        (
            {**SLICE, "pool": {**SLICE["pool"], "resourceSliceCount": 0}},
            "spec.pool.resourceSliceCount: Invalid value: 0",
        ),
        ({**SLICE, "devices": [DEVICE, DEVICE]}, 'spec.devices[1]: Duplicate value: "d"'),
        (offered(nodeName="n"), "spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can"),
        (
            offered(attributes={"v": {"version": "1.0"}}),
            'spec.devices[0].attributes[v].version: Invalid value: "1.0": must be a string compatible with semver.org',
        ),
        (
            offered(attributes={"v": {"bool": True, "int": 1}}),
            'spec.devices[0].attributes[v]: Invalid value: {"bool":true,"int":1}: exactly one value must be specified',
        ),
        (
            offered(attributes={"1st": {"int": 1}}),
            'spec.devices[0].attributes: Invalid value: "1st": a valid C identifier must start with',
        ),
        (
            offered(capacity={"memory": {"value": "1Gi", "requestPolicy": {"default": "1Gi"}}}),
            "spec.devices[0].capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true",
        ),
        (
            offered(taints=[{"key": "k", "effect": "Never"}]),
            'spec.devices[0].taints[0].effect: Unsupported value: "Never": supported values: "NoExecute", "NoSchedule"',
        ),
        (
            offered(bindingConditions=["ready"]),
            "spec.devices[0].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to",
        ),
    ],
)
def test_wrong_slice_is_refused_as_kubernetes_words_it(spec: dict[str, Any], wrong: str) -> None:
    assert told("ResourceSlice", spec)[0].startswith(wrong)


@pytest.mark.parametrize(
    ("policy", "wrong"),
    [
        ({"default": "1", "validValues": ["1", "2"]}, ""),
        ({"default": "1", "validRange": {"min": "1", "max": "4", "step": "1"}}, ""),
        ({"validValues": ["1"]}, "default: Required value: required when validValues is defined"),
        ({"default": "3", "validValues": ["1", "2"]}, 'validValues: Invalid value: "3": default value is not valid'),
        ({"default": "2", "validValues": ["2", "1"]}, 'validValues[1]: Invalid value: "1": values must be sorted'),
        ({"default": "1", "validRange": {"min": "2"}}, 'validRange.default: Invalid value: "1": default is less than'),
        (
            {"default": "1", "validRange": {"min": "1", "step": "4"}},
            'validRange.step: Invalid value: "4": one step 5 is larger than capacity value: 4',
        ),
        (
            {"default": "2", "validRange": {"min": "1", "step": "2"}},
            'validRange.step: Invalid value: "2": value is not a multiple of a given step (2) from (1)',
        ),
    ],
)
def test_portions_of_a_shared_device_are_checked(policy: dict[str, Any], wrong: str) -> None:
    spec = offered(allowMultipleAllocations=True, capacity={"lanes": {"value": "4", "requestPolicy": policy}})

    if wrong:
        assert told("ResourceSlice", spec)[0].startswith(f"spec.devices[0].capacity[lanes].requestPolicy.{wrong}")
    else:
        made("ResourceSlice", spec)


def test_quantities_of_devices_are_stored_in_canonical_form() -> None:
    assert made("ResourceSlice", SLICE).spec.devices[0].capacity == {"memory": {"value": "4Gi"}}


def _given(status: dict[str, Any]) -> None:
    kind = KINDS["ResourceClaim"]
    old = made("ResourceClaim", claim(GPU))
    new, _ = codec.from_plain(kind, {**codec.to_plain(old), "status": status})
    prepare_changed(kind, new, old, subresource="status", now=NOW)


def test_status_of_a_claim_says_which_devices_it_was_given() -> None:
    consumer = {"resource": "pods", "name": "p", "uid": "u"}
    device = {"driver": "a.example.com", "pool": "p", "device": "d", "networkData": {"ips": ["10.9.8.7/24"]}}
    given = {"allocation": {"devices": {"results": [RESULT]}}, "reservedFor": [consumer], "devices": [device]}

    _given(given)

    for status, wrong in (
        (
            {"reservedFor": [consumer]},
            "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
        ),
        ({"devices": [device]}, "status.devices[0]: Invalid value: "),
        (
            {"allocation": {"devices": {"results": [{**RESULT, "request": "x"}]}}},
            "status.allocation.devices.results[0]",
        ),
    ):
        with pytest.raises(StatusError, match="is invalid") as caught:
            _given(status)
        assert f"{caught.value.causes[0].field}: {caught.value.causes[0].message}".startswith(wrong)


def test_time_of_a_taint_is_that_of_its_effect() -> None:
    kind = KINDS["DeviceTaintRule"]
    old = made("DeviceTaintRule", {"taint": {"key": "broken", "effect": "NoSchedule"}})
    old.spec.taint.timeAdded = NOW
    same, other = (codec.from_plain(kind, codec.to_plain(old))[0] for _ in range(2))
    same.spec.taint.value, other.spec.taint.effect = "very", "NoExecute"

    for new in (same, other):
        prepare_changed(kind, new, old, subresource=None, now=NOW)

    assert same.spec.taint.timeAdded == NOW
    assert other.spec.taint.timeAdded != NOW


def test_migration_cannot_both_succeed_and_fail() -> None:
    kind = KINDS["StorageVersionMigration"]
    old, _ = codec.from_plain(kind, sample_of(kind))
    condition = {"status": "True", "reason": "Done", "message": "", "lastTransitionTime": "2026-11-23T12:00:00Z"}
    status = {"conditions": [{"type": name, **condition} for name in ("Succeeded", "Failed")], "resourceVersion": "x"}
    new, _ = codec.from_plain(kind, {**sample_of(kind), "status": status})

    with pytest.raises(StatusError) as caught:
        prepare_changed(kind, new, old, subresource="status", now=NOW)

    assert 'failed to parse resource version "x"' in caught.value.causes[0].message
    assert "Both success and failed conditions cannot be true at the same time" in caught.value.causes[1].message
