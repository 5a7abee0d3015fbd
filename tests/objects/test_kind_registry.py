from dataclasses import replace

import pytest
from kubernel.objects.kind import GroupVersionKind, Kind, PureView
from kubernel.objects.kinds import BUILTIN, LEASE, NODE, PLUGIN, POD
from kubernel.objects.models import core, meta_of
from kubernel.objects.plugin_object import Plugin as PluginObject
from kubernel.objects.registry import Registry


def test_kind_is_found_by_each_of_its_names() -> None:
    registry = Registry(BUILTIN)

    assert len(registry) == len(list(registry)) == len(BUILTIN)
    assert registry.at_path("coordination.k8s.io", "v1", "leases") is LEASE
    assert registry.by_gvk(GroupVersionKind("", "v1", "Pod")) is POD
    assert registry.by_resource("leases.coordination.k8s.io") is LEASE
    assert registry.of_type(core.Pod) is POD
    assert registry.at_path("", "v1", "zebras") is None


def test_second_kind_of_the_same_name_is_refused() -> None:
    registry = Registry([POD])

    with pytest.raises(ValueError, match="kind Pod of v1 is registered twice"):
        registry.add(POD)


def test_unknown_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Registry([POD]).of_type(core.Node)


def test_paths_follow_scope_and_group() -> None:
    assert POD.path() == "/api/v1/pods"
    assert POD.path("default", "web", "log") == "/api/v1/namespaces/default/pods/web/log"
    assert NODE.path("ignored", "n1") == "/api/v1/nodes/n1"
    assert LEASE.path("kube-system") == "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"


def test_kind_says_its_full_names() -> None:
    assert (LEASE.api_version, LEASE.resource) == ("coordination.k8s.io/v1", "leases.coordination.k8s.io")
    assert (POD.gvk.api_version, POD.resource) == ("v1", "pods")
    assert LEASE.gvk.api_version == "coordination.k8s.io/v1"


def test_names_of_all_kinds_are_distinct() -> None:
    stored = [kind for kind in BUILTIN if kind.view is None]
    words = [word for kind in stored for word in {kind.plural, kind.singular, *kind.short_names}]

    assert len(words) == len(set(words))


def test_another_view_of_a_kind_is_called_as_the_kind_is() -> None:
    for kind in BUILTIN:
        if kind.view is not None:
            of = kind.view.of
            assert (kind.name, kind.plural, kind.singular) == (of.name, of.plural, of.singular)
            assert kind.namespaced is of.namespaced
            assert of.view is None
            assert of in BUILTIN


def test_objects_without_metadata_get_some() -> None:
    pod = core.Pod()

    meta_of(pod).name = "web"

    assert pod.metadata is not None
    assert pod.metadata.name == "web"


@pytest.mark.parametrize(
    ("node", "phase", "grace_s"),
    [("n1", "Running", 7), (None, "Pending", 0), ("n1", "Succeeded", 0)],
)
def test_grace_of_a_pod_is_for_a_node_that_runs_it(node: str | None, phase: str, grace_s: int) -> None:
    spec = core.PodSpec(containers=[], nodeName=node, terminationGracePeriodSeconds=7)

    assert POD.grace_s(core.Pod(spec=spec, status=core.PodStatus(phase=phase))) == grace_s
    assert POD.grace_s(core.Pod()) == 0


def _older_plugin() -> Kind[PluginObject]:
    view = PureView(of=PLUGIN, shown=lambda obj: obj, stored=lambda obj, _current: obj)
    return replace(PLUGIN, version="v1alpha1", view=view)


def test_views_of_a_kind_share_its_storage() -> None:
    older = _older_plugin()
    registry = Registry([older, PLUGIN])

    assert older.stored_as is PLUGIN
    assert registry.by_resource(older.resource) is PLUGIN
    assert registry.shown_as(PLUGIN) == registry.shown_as(older) == [older, PLUGIN]


def test_registry_changes_in_one_step_and_tells_of_it() -> None:
    registry, told, older = Registry([POD, PLUGIN]), [], _older_plugin()
    registry.follow(lambda: told.append((registry.generation, list(registry))))
    before = registry.generation

    registry.replace([POD], [older])

    assert told == [(before + 1, [PLUGIN, older])]
    assert registry.at_path("", "v1", "pods") is None


def test_refused_change_of_a_registry_changes_nothing() -> None:
    registry = Registry([POD])
    before = registry.generation

    with pytest.raises(ValueError, match="kind Node of v1 is not registered"):
        registry.remove(NODE)
    with pytest.raises(ValueError, match="registered twice"):
        registry.replace([], [NODE, POD])

    assert list(registry) == [POD]
    assert registry.generation == before
