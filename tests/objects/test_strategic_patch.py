from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.objects.patches import apply_strategic_patch
from kubernel.objects.patches.strategy import field_strategy, merge_key


def pod(**spec: Any) -> Plain:
    return {"metadata": {"name": "p"}, "spec": spec}


def containers(*names: str) -> list[Plain]:
    return [{"name": name, "image": "old"} for name in names]


def names(doc: Plain, field: str = "containers", key: str = "name") -> list[str]:
    return [item[key] for item in doc["spec"][field]]


def patched(doc: Plain, spec: Plain) -> Plain:
    return apply_strategic_patch(doc, {"spec": spec}, core.Pod)


def test_container_is_found_by_its_name() -> None:
    doc = pod(containers=containers("a", "b"))

    result = patched(doc, {"containers": [{"name": "b", "image": "new"}]})

    assert result["spec"]["containers"] == [{"name": "a", "image": "old"}, {"name": "b", "image": "new"}]


def test_unknown_element_is_added_in_front_as_kubernetes_does() -> None:
    doc = pod(containers=containers("a"))

    result = patched(doc, {"containers": [{"name": "b", "image": "new", "command": None}]})

    assert result["spec"]["containers"] == [{"name": "b", "image": "new"}, {"name": "a", "image": "old"}]


def test_set_element_order_decides_the_order() -> None:
    doc = pod(containers=containers("a", "b", "server"))
    order = [{"name": "c"}, {"name": "b"}, {"name": "a"}]

    result = patched(doc, {"$setElementOrder/containers": order, "containers": [{"name": "c", "image": "new"}]})

    assert names(result) == ["c", "b", "a", "server"]


def test_set_element_order_alone_reorders() -> None:
    doc = pod(containers=containers("a", "b"))

    result = patched(doc, {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]})

    assert names(result) == ["b", "a"]


def test_delete_directive_removes_an_element() -> None:
    doc = pod(containers=containers("a", "b"))

    result = patched(doc, {"containers": [{"name": "a", "$patch": "delete"}]})

    assert names(result) == ["b"]


def test_replace_directive_replaces_a_list() -> None:
    doc = pod(containers=containers("a", "b"))

    result = patched(doc, {"containers": [{"$patch": "replace"}, {"name": "c", "image": "new"}]})

    assert result["spec"]["containers"] == [{"name": "c", "image": "new"}]


def test_replace_directive_replaces_a_map() -> None:
    doc = pod(nodeSelector={"a": "1"}, securityContext={"runAsUser": 1})

    result = patched(doc, {"securityContext": {"$patch": "replace", "runAsGroup": 2}})

    assert result["spec"] == {"nodeSelector": {"a": "1"}, "securityContext": {"runAsGroup": 2}}


def test_null_removes_a_member() -> None:
    doc = {"metadata": {"labels": {"a": "1", "b": "2"}}}

    result = apply_strategic_patch(doc, {"metadata": {"labels": {"a": None, "c": "3"}}}, core.Pod)

    assert result == {"metadata": {"labels": {"b": "2", "c": "3"}}}


def test_retain_keys_drops_what_it_does_not_name() -> None:
    doc = pod(volumes=[{"name": "v", "emptyDir": {}}])
    volume = {"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/srv"}}

    result = patched(doc, {"volumes": [volume]})

    assert result["spec"]["volumes"] == [{"name": "v", "hostPath": {"path": "/srv"}}]


def test_finalizers_are_a_set_of_values() -> None:
    doc = {"metadata": {"finalizers": ["example.com/a", "example.com/b"]}}

    added = apply_strategic_patch(doc, {"metadata": {"finalizers": ["example.com/b", "example.com/c"]}}, core.Pod)
    removed = apply_strategic_patch(
        doc, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a"]}}, core.Pod
    )

    assert set(added["metadata"]["finalizers"]) == {"example.com/a", "example.com/b", "example.com/c"}
    assert removed == {"metadata": {"finalizers": ["example.com/b"]}}


def test_lists_without_a_strategy_are_replaced() -> None:
    doc = pod(tolerations=[{"key": "a"}, {"key": "b"}], containers=[{"name": "c", "args": ["1", "2"]}])

    result = patched(doc, {"tolerations": [{"key": "c"}], "containers": [{"name": "c", "args": ["3"]}]})

    assert result["spec"]["tolerations"] == [{"key": "c"}]
    assert result["spec"]["containers"] == [{"name": "c", "args": ["3"]}]


def test_nested_lists_merge_by_their_own_keys() -> None:
    doc = pod(containers=[{"name": "c", "env": [{"name": "A", "value": "1"}], "ports": [{"containerPort": 80}]}])
    change = {"name": "c", "env": [{"name": "A", "value": "2"}], "ports": [{"containerPort": 80, "name": "http"}]}

    result = patched(doc, {"containers": [change]})

    assert result["spec"]["containers"][0]["env"] == [{"name": "A", "value": "2"}]
    assert result["spec"]["containers"][0]["ports"] == [{"containerPort": 80, "name": "http"}]


def test_conditions_and_service_ports_merge() -> None:
    conditions = {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}
    ports = {"spec": {"ports": [{"port": 80, "name": "http"}]}}

    node = apply_strategic_patch(
        conditions, {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}, core.Node
    )
    service = apply_strategic_patch(ports, {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}, core.Service)

    assert node["status"]["conditions"] == [{"type": "Ready", "status": "True"}]
    assert service["spec"]["ports"] == [{"port": 80, "name": "http", "targetPort": 8080}]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"containers": [{"image": "x"}]}, "does not contain declared merge key: name"),
        ({"containers": ["x"]}, "expected a map"),
        ({"containers": [{"name": "a", "$patch": "zap"}]}, "unknown patch type: zap"),
        ({"$patch": "zap"}, "unknown patch type: zap"),
        ({"$patch": ["delete"]}, "unknown patch type: ['delete']"),
        ({"$setElementOrder/containers": "a"}, "invalid patch format of setElementOrder list"),
        (
            {"$setElementOrder/containers": [{"name": "b"}], "containers": [{"name": "a"}]},
            "doesn't match $setElementOrder list",
        ),
        ({"volumes": [{"name": "v", "$retainKeys": ["name"], "emptyDir": {}}]}, "invalid patch format of retainKeys"),
        ({"volumes": [{"name": "v", "$retainKeys": "name"}]}, "invalid patch format of retainKeys"),
        ({"$deleteFromPrimitiveList/x": "a"}, "invalid patch format of primitive list"),
    ],
)
def test_malformed_patch_is_a_bad_request(spec: Plain, message: str) -> None:
    doc = pod(containers=containers("a"), volumes=[{"name": "v"}])

    with pytest.raises(StatusError) as caught:
        patched(doc, spec)

    assert caught.value.code == 400
    assert message in caught.value.message


VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["a", "b", "delete", "replace"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "$patch", "env", "$retainKeys", "$setElementOrder/env"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=3), st.lists(VALUES, max_size=3))
def test_any_patch_succeeds_or_is_a_client_error_and_changes_no_input(present: list[Any], change: list[Any]) -> None:
    doc, patch = pod(containers=present), {"spec": {"containers": change}}
    before = deepcopy((doc, patch))

    code = 200
    try:
        apply_strategic_patch(doc, patch, core.Pod)
    except StatusError as error:
        code = error.code

    assert code in {200, 400}
    assert (doc, patch) == before


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_merged_list_has_every_element_once_in_the_order_of_the_patch(server: list[str], client: list[str]) -> None:
    doc = pod(containers=containers(*server))

    result = patched(doc, {"containers": containers(*client)})
    merged = names(result) if "containers" in result["spec"] else []

    assert sorted(merged) == sorted({*server, *client})
    assert [name for name in merged if name in client] == client
    assert [name for name in merged if name not in client] == [name for name in server if name not in client]


def test_strategies_are_data_for_openapi() -> None:
    volumes = field_strategy(core.PodSpec, "volumes")

    assert volumes is not None
    assert (volumes.strategy, volumes.merge_key) == ("merge,retainKeys", "name")
    assert merge_key(core.PodSpec, "tolerations") is None


def test_new_element_takes_the_place_of_a_deleted_one() -> None:
    doc = pod(containers=containers("a", "b", "server"))
    order = [{"name": "b"}, {"name": "c"}]
    change = [{"name": "c", "image": "new"}, {"name": "a", "$patch": "delete"}]

    result = patched(doc, {"$setElementOrder/containers": order, "containers": change})

    assert names(result) == ["b", "server", "c"]


def test_element_that_is_no_object_is_left_alone() -> None:
    doc = pod(containers=[None])

    result = patched(doc, {"containers": [{"name": "a"}]})

    assert result["spec"]["containers"] == [{"name": "a"}, None]
