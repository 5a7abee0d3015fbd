"""Whether two objects mean the same, however they are written.

Kubernetes compares what it decoded: there an empty list is as good as none, and for most plain values ``false``, ``0``
and ``""`` are too. A client that reads an object and sends it back may leave out either. Source: apimachinery
``pkg/api/equality``.
"""

from typing import Any

import msgspec

__all__ = ["same"]

_TELLING = frozenset(
    {
        "activeDeadlineSeconds",
        "allowPrivilegeEscalation",
        "apiGroup",
        "automountServiceAccountToken",
        "backoffLimit",
        "backoffLimitPerIndex",
        "completions",
        "defaultMode",
        "enableServiceLinks",
        "expirationSeconds",
        "failedJobsHistoryLimit",
        "fsGroup",
        "fsGroupChangePolicy",
        "hostUsers",
        "hostnameOverride",
        "manualSelector",
        "maxFailedIndexes",
        "mode",
        "optional",
        "parallelism",
        "partition",
        "priority",
        "privileged",
        "readOnlyRootFilesystem",
        "replicas",
        "revisionHistoryLimit",
        "runAsGroup",
        "runAsNonRoot",
        "runAsUser",
        "runAsUserName",
        "runtimeClassName",
        "setHostnameAsFQDN",
        "shareProcessNamespace",
        "startingDeadlineSeconds",
        "storageClassName",
        "successfulJobsHistoryLimit",
        "suspend",
        "terminationGracePeriodSeconds",
        "tolerationSeconds",
        "ttlSecondsAfterFinished",
        "value",
    }
)
"""The fields that the published types declare as pointers: in them an empty value is not the same as none."""


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any value of a model
    """Whether two values of one type mean the same."""
    return bool(one == other) or _compares(one, other)


def _compares(one: Any, other: Any) -> bool:  # noqa: ANN401
    if isinstance(one, msgspec.Struct):
        return isinstance(other, msgspec.Struct) and all(
            _same_field(name, getattr(one, name), getattr(other, name)) for name in one.__struct_fields__
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (_is_empty(one) and _is_empty(other))


def _is_empty(value: Any) -> bool:  # noqa: ANN401
    return value is None or value == [] or value == {}


def _same_field(name: str, one: Any, other: Any) -> bool:  # noqa: ANN401
    if name not in _TELLING and not _is_struct(one) and not _is_struct(other) and not one and not other:
        return True
    return same(one, other)


def _is_struct(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, msgspec.Struct)
