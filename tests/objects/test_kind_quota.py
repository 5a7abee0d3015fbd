"""ResourceQuotas and LimitRanges: what they refuse, fill in, keep and show."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.core.limit_range import LIMIT_RANGE
from kubernel.objects.kinds.core.resource_quota import RESOURCE_QUOTA
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]


def quota(hard: Plain, **more: Any) -> Plain:
    return {"spec": {"hard": hard, **more}}


def limits(**item: Any) -> Plain:
    return {"spec": {"limits": [{"type": "Container", **item}]}}


L = "spec.limits[0]"


@pytest.mark.parametrize(
    ("kind", "plain", "expected"),
    [
        (
            RESOURCE_QUOTA,
            quota({"pods": "10", "requests.cpu": "1", "count/jobs.batch": 4, "requests.hugepages-2Mi": "4Mi"}),
            [],
        ),
        (
            RESOURCE_QUOTA,
            quota({"pods": "1500m", "cpu": "-1", "zebras": "1", "storage": "1", "example.com/gpu": "0.5"}),
            [
                'spec.hard[pods]: Invalid value: "1500m": must be an integer',
                'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
                'spec.hard[zebras]: Invalid value: "zebras": must be a standard resource type or fully qualified',
                'spec.hard[zebras]: Invalid value: "zebras": must be a standard resource for quotas',
                'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quotas',
                'spec.hard[example.com/gpu]: Invalid value: "500m": must be an integer',
            ],
        ),
        (
            RESOURCE_QUOTA,
            quota({"cpu": "1"}, scopes=["BestEffort", "NotBestEffort"]),
            [
                ('spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource'),
                'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
            ],
        ),
        (
            RESOURCE_QUOTA,
            quota(
                {"pods": "1"},
                scopeSelector={
                    "matchExpressions": [
                        {"scopeName": "PriorityClass", "operator": "In"},
                        {"scopeName": "PriorityClass", "operator": "Exists", "values": ["a"]},
                        {"scopeName": "PriorityClass", "operator": "Is"},
                    ]
                },
            ),
            [
                (
                    "spec.scopeSelector.matchExpressions.values: Required value: "
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                ),
                (
                    'spec.scopeSelector.matchExpressions.values: Invalid value: ["a"]: '
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                ),
                'spec.scopeSelector.matchExpressions.operator: Invalid value: "Is": not a valid selector operator',
            ],
        ),
        (LIMIT_RANGE, limits(max={"cpu": "2"}, min={"cpu": "100m"}), []),
        (
            LIMIT_RANGE,
            limits(type="Planet"),
            [f'{L}.type: Invalid value: "Planet": must be a standard limit type or fully qualified'],
        ),
        (
            LIMIT_RANGE,
            {"spec": {"limits": [{"type": "Pod"}, {"type": "Pod", "default": {"cpu": "1"}}]}},
            [
                'spec.limits[1].type: Duplicate value: "Pod"',
                "spec.limits[1].default: Forbidden: may not be specified when `type` is 'Pod'",
            ],
        ),
        (
            LIMIT_RANGE,
            limits(type="PersistentVolumeClaim", max={"pods": "1"}),
            [
                (
                    f"{L}.limits: Required value: "
                    "either minimum or maximum storage value is required, but neither was provided"
                )
            ],
        ),
        (
            LIMIT_RANGE,
            limits(max={"cpu": "1"}, min={"cpu": "2"}, default={"cpu": "3"}, defaultRequest={"cpu": "4"}),
            [
                f'{L}.min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
                f'{L}.defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than max value 1',
                (
                    f'{L}.defaultRequest[cpu]: Invalid value: "4": '
                    "default request value 4 is greater than default limit value 3"
                ),
                f'{L}.default[cpu]: Invalid value: "1": default value 3 is greater than max value 1',
            ],
        ),
        (
            LIMIT_RANGE,
            limits(max={"cpu": "3"}, min={"cpu": "2"}, maxLimitRequestRatio={"cpu": "4", "memory": "500m"}),
            [
                f'{L}.maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = 1.500000',
                f'{L}.maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1',
            ],
        ),
        (
            LIMIT_RANGE,
            limits(max={"zebras": "1"}),
            [
                *(
                    f'{L}.{bound}[zebras]: Invalid value: "zebras": {why}'
                    for bound in ("max", "default", "defaultRequest")
                    for why in (
                        "must be a standard resource type or fully qualified",
                        "must be a standard resource for containers",
                    )
                )
            ],
        ),
    ],
)
def test_object_is_refused_with_every_reason(
    complaints: Complain, kind: Kind[Any], plain: Plain, expected: list[str]
) -> None:
    assert complaints(kind, plain) == expected


def test_container_limits_follow_from_each_other(create: Create) -> None:
    made = create(LIMIT_RANGE, limits(max={"cpu": "2000m"}, min={"memory": "1024Ki"}, default={"memory": "2Mi"}))

    item = made.spec.limits[0]
    assert (item.default, item.defaultRequest) == ({"cpu": "2", "memory": "2Mi"}, {"cpu": "2", "memory": "2Mi"})


def test_quota_keeps_its_scopes(forbidden_changes: Change) -> None:
    old, new = quota({"pods": "1"}, scopes=["BestEffort"]), quota({"pods": "1"})

    assert forbidden_changes(RESOURCE_QUOTA, old, new) == ["spec.scopes: Invalid value: []: field is immutable"]


def test_quota_starts_with_nothing_used(create: Create) -> None:
    made = create(RESOURCE_QUOTA, {**quota({"cpu": "1000m"}), "status": {"used": {"cpu": "1"}}})

    assert (made.spec.hard, made.status.used) == ({"cpu": "1"}, None)


def test_quota_shows_what_is_used(now: datetime) -> None:
    status = {"hard": {"pods": "10", "limits.cpu": "4", "cpu": "2"}, "used": {"pods": "3", "limits.cpu": "1"}}
    obj = msgspec.convert({"status": status}, RESOURCE_QUOTA.type)

    cells = table(RESOURCE_QUOTA, [obj], now=now, include="None")["rows"][0]["cells"]

    assert cells[1:3] == ["cpu: 0/2, pods: 3/10", "limits.cpu: 1/4"]
