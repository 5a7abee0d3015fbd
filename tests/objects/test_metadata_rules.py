from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import CONFIG_MAP
from kubernel.objects.metadata import new_uid
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]

OWNER: Plain = {"apiVersion": "v1", "kind": "ReplicationController", "name": "rc", "uid": "u"}


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"labels": {"a": "b c"}}, ['metadata.labels: Invalid value: "b c": a valid label must be an empty string']),
        ({"labels": {"/a": ""}}, ['metadata.labels: Invalid value: "/a": prefix part must be non-empty']),
        ({"labels": {"a": "x" * 64}}, [f'metadata.labels: Invalid value: "{"x" * 64}": must be no more than 63 bytes']),
        ({"annotations": {"A B": "x"}}, ['metadata.annotations: Invalid value: "A B": name part must consist of']),
        ({"annotations": {"Example.COM/a": "any text: ü"}}, []),
        (
            {"annotations": {"a": "x" * (256 * 1024)}},
            ["metadata.annotations: Too long: may not be more than 262144 bytes"],
        ),
        (
            {"annotations": {"a": "ü" * (128 * 1024)}},
            ["metadata.annotations: Too long: may not be more than 262144 bytes"],
        ),
        ({"annotations": {"a": "x" * (256 * 1024 - 1)}}, []),
        ({"generateName": "Bad-"}, ['metadata.generateName: Invalid value: "Bad-": a lowercase RFC 1123 subdomain']),
        ({"generateName": "good-"}, []),
        ({"finalizers": ["a b"]}, ['metadata.finalizers: Invalid value: "a b": name part must consist of']),
        (
            {"finalizers": ["orphan", "foregroundDeletion"]},
            [
                (
                    'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: '
                    "finalizer orphan and foregroundDeletion cannot be both set"
                )
            ],
        ),
        ({"ownerReferences": [OWNER]}, []),
        (
            {"ownerReferences": [{"apiVersion": "", "kind": "", "name": "", "uid": ""}]},
            [
                f"metadata.ownerReferences[0].{name}: Required value: must not be empty"
                for name in ("apiVersion", "kind", "name", "uid")
            ],
        ),
        (
            {"ownerReferences": [{**OWNER, "apiVersion": "a/b/c"}]},
            ['metadata.ownerReferences[0].apiVersion: Invalid value: "a/b/c": must be <group>/<version> or <version>'],
        ),
        (
            {"ownerReferences": [{**OWNER, "controller": True}, {**OWNER, "name": "other", "controller": True}]},
            ["metadata.ownerReferences: Invalid value: ["],
        ),
        (
            {"ownerReferences": [{**OWNER, "kind": "Event"}]},
            ["metadata.ownerReferences[0]: Invalid value: {"],
        ),
    ],
)
def test_metadata_is_checked_in_the_words_of_kubernetes(
    complaints: Complain, metadata: Plain, expected: list[str]
) -> None:
    found = complaints(CONFIG_MAP, {"metadata": metadata})

    assert len(found) == len(expected)
    assert all(sentence.startswith(start) for sentence, start in zip(found, expected, strict=True))


def test_two_controllers_are_both_named(complaints: Complain) -> None:
    owners = [{**OWNER, "controller": True}, {**OWNER, "name": "other", "controller": True}]

    (complaint,) = complaints(CONFIG_MAP, {"metadata": {"ownerReferences": owners}})

    assert complaint.endswith(
        'Only one reference can have Controller set to true. Found "true" in references for '
        "ReplicationController/rc and ReplicationController/other"
    )


def test_uids_differ() -> None:
    assert len({new_uid() for _ in range(1000)}) == 1000
