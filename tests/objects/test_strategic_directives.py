"""Directives of strategic merge patches, each on its own and with others, on the lists where clients use them."""

import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core
from kubernel.objects.patches import apply_strategic_patch
from lightkube.models import apps_v1


def on_pod(spec: Plain, change: Plain) -> Plain:
    result: Plain = apply_strategic_patch({"spec": spec}, {"spec": change}, core.Pod)["spec"]
    return result


def on_metadata(metadata: Plain, change: Plain) -> Plain:
    result: Plain = apply_strategic_patch({"metadata": metadata}, {"metadata": change}, core.Pod)["metadata"]
    return result


A, B, C = ({"name": name, "image": "old"} for name in "abc")


@pytest.mark.parametrize(
    ("spec", "change", "result"),
    [
        # What is merged anyway may say so.
        ({"containers": [A]}, {"$patch": "merge", "containers": [B]}, {"containers": [B, A]}),
        ({"containers": [A]}, {"containers": [{"$patch": "merge"}, {"name": "a", "image": "new"}]},
         {"containers": [{"name": "a", "image": "new"}]}),
        ({"containers": [A]}, {"containers": [{"$patch": "merge", "name": "a", "image": "new"}]},
         {"containers": [{"name": "a", "image": "new"}]}),
        # Replacing, in the whole and in parts.
        ({"containers": [A, B]}, {"containers": [{"$patch": "replace"}]}, {"containers": []}),
        ({"containers": [A, B]}, {"containers": [C, {"$patch": "replace"}, {"name": "a", "$patch": "delete"}]},
         {"containers": [C]}),
        ({"containers": [{**A, "resources": {"limits": {"cpu": "1"}}}]},
         {"containers": [{"name": "a", "resources": {"$patch": "replace", "requests": {"cpu": "1"}}}]},
         {"containers": [{**A, "resources": {"requests": {"cpu": "1"}}}]}),
        ({"hostname": "h", "containers": [A]}, {"$patch": "replace", "containers": [B]}, {"containers": [B]}),
        # Deleting what is there, what is not, and everything.
        ({"containers": [A, B]}, {"containers": [{"name": "x", "$patch": "delete"}]}, {"containers": [A, B]}),
        ({"containers": [A, B]}, {"containers": [{"name": n, "$patch": "delete"} for n in "ab"]}, {"containers": []}),
        ({"containers": [A, A]}, {"containers": [{"name": "a", "$patch": "delete"}]}, {"containers": []}),
        ({"securityContext": {"runAsUser": 1}}, {"securityContext": {"$patch": "delete"}}, {"securityContext": {}}),
        ({}, {"securityContext": {"$patch": "delete"}}, {}),
        ({"containers": [A]}, {"containers": [{"name": "a", "$patch": "delete"}, {"name": "a", "image": "new"}]},
         {"containers": [{"name": "a", "image": "new"}]}),
        # The order of elements, with and without changes to them.
        ({"containers": [A, B, C]}, {"$setElementOrder/containers": [{"name": n} for n in "cab"]},
         {"containers": [C, A, B]}),
        ({"containers": [A, B, C]}, {"$setElementOrder/containers": [{"name": "c"}, {"name": "a"}]},
         {"containers": [B, C, A]}),
        ({"containers": [A, B]},
         {"$setElementOrder/containers": [{"name": "b"}], "containers": [{"name": "a", "$patch": "delete"}]},
         {"containers": [B]}),
        ({"containers": [A]}, {"$setElementOrder/containers": [{"name": "a"}, {"name": "x"}]}, {"containers": [A]}),
        ({}, {"$setElementOrder/containers": [{"name": "a"}]}, {}),
        # Keys that are kept.
        ({"volumes": [{"name": "v", "emptyDir": {}}]},
         {"volumes": [{"name": "v", "$retainKeys": ["name", "secret"], "secret": {"secretName": "s"}}]},
         {"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}),
        ({"volumes": [{"name": "v", "emptyDir": {}}]},
         {"volumes": [{"name": "v", "$retainKeys": ["name"], "emptyDir": None}]},
         {"volumes": [{"name": "v"}]}),
    ],
)  # fmt: skip
def test_directive_is_carried_out(spec: Plain, change: Plain, result: Plain) -> None:
    assert on_pod(spec, change) == result


@pytest.mark.parametrize(
    ("present", "change", "result"),
    [
        (["a", "b", "c"], {"$deleteFromPrimitiveList/finalizers": ["b", "x"]}, ["a", "c"]),
        (["a", "b"], {"$deleteFromPrimitiveList/finalizers": ["a"], "finalizers": ["c"]}, ["c", "b"]),
        (["a", "b", "c"], {"$setElementOrder/finalizers": ["c", "a"]}, ["b", "c", "a"]),
        (["a", "b"], {"$setElementOrder/finalizers": ["c", "b"], "finalizers": ["c"]}, ["a", "c", "b"]),
        (["a"], {"finalizers": ["a", "a"]}, ["a"]),
        (["a"], {"finalizers": []}, ["a"]),
        (["a"], {"finalizers": None}, None),
    ],
)
def test_directive_is_carried_out_on_a_list_of_values(present: list[str], change: Plain, result: list[str]) -> None:
    patched = on_metadata({"finalizers": present}, change).get("finalizers")

    assert set(patched or ()) == set(result or ())
    assert (patched is None) == (result is None)


def test_strategy_of_a_rollout_keeps_only_the_keys_that_it_names() -> None:
    doc = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}

    result = apply_strategic_patch(
        doc, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}, apps_v1.Deployment
    )

    assert result == {"spec": {"strategy": {"type": "Recreate"}}}


def test_directives_of_what_was_not_there_are_not_stored() -> None:
    change = {
        "$setElementOrder/volumes": [{"name": "v"}],
        "volumes": [{"name": "v", "$retainKeys": ["name", "projected"], "projected": {"sources": None, "mode": 1}}],
    }

    assert on_pod({}, change) == {"volumes": [{"name": "v", "projected": {"mode": 1}}]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"containers": [{"$patch": "delete"}]}, "map: {'$patch': 'delete'} does not contain declared merge key: name"),
        ({"containers": [{"$patch": "zap", "name": "a"}]}, "unknown patch type: zap in map: "),
        ({"volumes": [{"name": "v", "$retainKeys": ["name"], "emptyDir": {}}]}, "invalid patch format of retainKeys"),
        ({"$setElementOrder/containers": {}}, "invalid patch format of setElementOrder list"),
    ],
)
def test_directive_that_is_wrong_is_refused(change: Plain, why: str) -> None:
    with pytest.raises(StatusError) as caught:
        on_pod({"containers": [A]}, change)

    assert caught.value.code == 400
    assert caught.value.message.startswith(why)
