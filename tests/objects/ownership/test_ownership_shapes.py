from typing import Any

import msgspec
import pytest
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.models import Plain, core, meta
from kubernel.objects.ownership import (
    APPLY,
    Manager,
    Version,
    Versions,
    apply_config,
    shape_of,
    shape_of_schema,
    shape_of_type,
    zero_of_type,
)
from lightkube.models import apiextensions_v1, apps_v1


def owned(shape: Any, config: Plain) -> list[str]:
    """Return the fields that whoever applies this owns."""
    versions = Versions("v1", Version(shape))
    applied = apply_config({}, config, {}, Manager("a", APPLY), now="t", versions=versions)
    return [path for entry in applied.managed.values() for path in entry.fields.paths()]


@pytest.mark.parametrize(
    ("config", "fields"),
    [
        ({"metadata": {"name": "x", "namespace": "y", "uid": "z"}, "apiVersion": "v1", "kind": "Pod"}, []),
        ({"metadata": {"labels": {"a": "b"}}}, [".metadata.labels.a"]),
        ({"metadata": {"finalizers": ["x/y"]}}, ['.metadata.finalizers[="x/y"]']),
        ({"metadata": {"ownerReferences": [{"uid": "u", "name": "n"}]}}, ['.metadata.ownerReferences[uid="u"]']),
        ({"spec": {"tolerations": [{"key": "a"}]}}, [".spec.tolerations"]),
        ({"spec": {"nodeSelector": {"a": "b"}}}, [".spec.nodeSelector"]),
        ({"spec": {"securityContext": {}}}, [".spec.securityContext"]),
        (
            {"spec": {"containers": [{"name": "m", "ports": [{"containerPort": 80}]}]}},
            [
                '.spec.containers[name="m"]',
                '.spec.containers[name="m"].name',
                '.spec.containers[name="m"].ports[containerPort=80,protocol="TCP"]',
                '.spec.containers[name="m"].ports[containerPort=80,protocol="TCP"].containerPort',
            ],
        ),
        (
            {"spec": {"volumes": [{"name": "v", "configMap": {"name": "c", "items": [{"key": "k"}]}}]}},
            [
                '.spec.volumes[name="v"]',
                '.spec.volumes[name="v"].name',
                '.spec.volumes[name="v"].configMap.items',
                '.spec.volumes[name="v"].configMap.name',
            ],
        ),
    ],
)
def test_pod_is_owned_as_its_published_type_says(config: Plain, fields: list[str]) -> None:
    assert owned(shape_of_type(core.Pod), config) == fields


def test_selector_of_a_controller_is_owned_as_a_whole() -> None:
    config = {"spec": {"selector": {"matchLabels": {"a": "b"}}}}

    assert owned(shape_of_type(apps_v1.Deployment), config) == [".spec.selector"]


def test_type_that_contains_itself_is_walked_into_as_deep_as_it_goes() -> None:
    schema = {"properties": {"a": {"properties": {"b": {"type": "string"}}}}}
    version = {"name": "v1", "schema": {"openAPIV3Schema": schema}}

    fields = owned(shape_of_type(apiextensions_v1.CustomResourceDefinition), {"spec": {"versions": [version]}})

    assert fields == [".spec.versions"]


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
def test_every_field_of_every_kind_has_a_shape(kind: Any) -> None:
    shape = shape_of(kind)

    assert set(shape.members) >= {field.encode_name for field in msgspec.structs.fields(kind.type)}
    assert "labels" in shape.members["metadata"].members


def test_object_begins_with_what_its_type_always_has() -> None:
    assert zero_of_type(core.Pod) == {"metadata": {}, "spec": {"containers": None}, "status": {}}
    assert zero_of_type(apps_v1.Deployment)["spec"]["template"] == {"metadata": {}, "spec": {"containers": None}}


@pytest.mark.parametrize(
    ("schema", "config", "fields"),
    [
        (None, {"spec": {"a": {"b": [1]}}}, [".spec", ".spec.a", ".spec.a.b"]),
        ({"type": "object"}, {"x": 1}, [".x"]),
        (
            {"properties": {"e": {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"s": {}}}}},
            {"e": {"metadata": {"labels": {"a": "b"}}}},
            [".e.metadata.labels.a"],
        ),
        ({"properties": {"p": {"x-kubernetes-int-or-string": True}}}, {"p": 80}, [".p"]),
        ({"properties": {"l": {"type": "array", "items": {"type": "object"}}}}, {"l": [{"a": 1}]}, [".l"]),
        ({"properties": {"m": {"additionalProperties": True}}}, {"m": {"a": {"b": 1}}}, [".m.a", ".m.a.b"]),
    ],
)
def test_custom_resource_is_owned_as_its_schema_says(schema: Plain | None, config: Plain, fields: list[str]) -> None:
    assert owned(shape_of_schema(schema), config) == fields


def test_metadata_of_a_custom_resource_is_that_of_every_object() -> None:
    schema = {"properties": {"metadata": {"type": "object"}}}

    members = shape_of_schema(schema).members["metadata"].members

    assert set(members) >= {field.encode_name for field in msgspec.structs.fields(meta.ObjectMeta)}
