import pytest
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.kinds import BUILTIN, LEASE, NODE, POD
from kubernel.objects.models import core, meta_of
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
