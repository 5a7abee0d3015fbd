import json

import pytest
from kubernel.objects import codec
from kubernel.objects.kinds.core.config_map import CONFIG_MAP
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.models import Plain
from kubernel.objects.ownership import EXPLICIT, UNTRACKED, begun, continued, managed_text, with_managed

AT_S = 1_714_557_600


def listed(kind: object, obj: Plain, owners: str) -> list[Plain]:
    """Return the ``managedFields`` that a reader of the object sees."""
    data = codec.encode_plain({"apiVersion": "v1", "kind": kind.name, **obj})  # type: ignore[attr-defined]
    seen = json.loads(with_managed(kind, data, managed_text(kind, data, owners)))  # type: ignore[arg-type]
    entries: list[Plain] = seen["metadata"].get("managedFields", [])
    return entries


def test_creator_owns_the_whole_object() -> None:
    owners = begun("v1", "kubectl-create", AT_S)

    assert listed(CONFIG_MAP, {"metadata": {"name": "x", "labels": {"a": "b"}}, "data": {"k": "v"}}, owners) == [
        {
            "manager": "kubectl-create",
            "operation": "Update",
            "apiVersion": "v1",
            "time": "2024-05-01T10:00:00Z",
            "fieldsType": "FieldsV1",
            "fieldsV1": {
                "f:metadata": {"f:labels": {".": {}, "f:a": {}}},
                "f:data": {".": {}, "f:k": {}},
            },
        }
    ]


def test_status_has_an_owner_of_its_own() -> None:
    owners = continued(begun("v1", "a manager", AT_S), "v1", "agent", AT_S + 60, is_status=True)
    assert owners is not None
    pod = {"metadata": {"name": "x"}, "spec": {"nodeName": "n"}, "status": {"phase": "Running"}}

    entries = listed(POD, pod, owners)

    assert [(entry["manager"], entry["time"], entry.get("subresource"), entry["fieldsV1"]) for entry in entries] == [
        ("a manager", "2024-05-01T10:00:00Z", None, {"f:spec": {"f:nodeName": {}}}),
        ("agent", "2024-05-01T10:01:00Z", "status", {"f:status": {"f:phase": {}}}),
    ]


@pytest.mark.parametrize("owners", [UNTRACKED, EXPLICIT])
def test_object_without_a_line_is_shown_as_it_is_stored(owners: str) -> None:
    assert listed(CONFIG_MAP, {"metadata": {"name": "x"}, "data": {"k": "v"}}, owners) == []


@pytest.mark.parametrize(
    ("manager", "api_version", "is_status", "then"),
    [
        ("a", "v1", False, "20 v1 a\n12 v1 s"),
        ("b", "v1", False, None),
        ("a", "v2", False, None),
        ("s", "v1", True, "10 v1 a\n20 v1 s"),
        ("a", "v1", True, None),
    ],
)
def test_line_goes_on_with_the_same_manager_only(
    manager: str, api_version: str, then: str | None, *, is_status: bool
) -> None:
    assert continued("10 v1 a\n12 v1 s", api_version, manager, 20, is_status=is_status) == then


def test_line_says_the_first_who_writes_the_status() -> None:
    assert continued("10 v1 a", "v1", "b", 20, is_status=True) == "10 v1 a\n20 v1 b"


@pytest.mark.parametrize("owners", [UNTRACKED, EXPLICIT])
def test_other_values_stay_what_they_are(owners: str) -> None:
    assert continued(owners, "v1", "a", 20, is_status=False) == owners
