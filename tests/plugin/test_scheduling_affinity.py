"""What node selectors and node affinity mean, checked against Kubernetes' own cases."""

import pytest
from kubernel.objects.models import core
from kubernel.plugin.scheduling import any_term_matches, matches_required_affinity, preference, requirement_matches


def requirement(operator: str, *values: str, key: str = "k") -> core.NodeSelectorRequirement:
    return core.NodeSelectorRequirement(key=key, operator=operator, values=list(values) or None)


@pytest.mark.parametrize(
    ("operator", "values", "value", "expected"),
    [
        ("In", ["a", "b"], "b", True),
        ("In", ["a"], None, False),
        ("NotIn", ["a"], "b", True),
        ("NotIn", ["a"], "a", False),
        ("NotIn", ["a"], None, True),
        ("Exists", [], "", True),
        ("Exists", [], None, False),
        ("DoesNotExist", [], None, True),
        ("DoesNotExist", [], "a", False),
        ("Gt", ["8"], "9", True),
        ("Gt", ["8"], "8", False),
        ("Gt", ["8"], "nine", False),
        ("Gt", ["1", "2"], "9", False),
        ("Lt", ["8"], "-1", True),
        ("Lt", ["8"], None, False),
        ("Near", ["8"], "8", False),
    ],
)
def test_requirement_matches_as_in_kubernetes(
    operator: str, values: list[str], value: str | None, *, expected: bool
) -> None:
    assert requirement_matches(requirement(operator, *values), value) is expected


def test_a_term_that_says_nothing_matches_nothing() -> None:
    assert not any_term_matches([core.NodeSelectorTerm()], "n", {"k": "v"})
    assert not any_term_matches([], "n", {"k": "v"})


def test_a_term_needs_all_its_expressions_and_fields() -> None:
    term = core.NodeSelectorTerm(
        matchExpressions=[requirement("In", "v")], matchFields=[requirement("In", "n", key="metadata.name")]
    )

    assert any_term_matches([term], "n", {"k": "v"})
    assert not any_term_matches([term], "other", {"k": "v"})
    assert not any_term_matches([term], "n", {})


def test_node_selector_and_affinity_both_have_to_hold() -> None:
    required = core.NodeSelector(nodeSelectorTerms=[core.NodeSelectorTerm(matchExpressions=[requirement("Exists")])])
    affinity = core.Affinity(nodeAffinity=core.NodeAffinity(requiredDuringSchedulingIgnoredDuringExecution=required))
    pod = core.Pod(spec=core.PodSpec(containers=[], nodeSelector={"disk": "ssd"}, affinity=affinity))

    assert matches_required_affinity(pod, "n", {"disk": "ssd", "k": "v"})
    assert not matches_required_affinity(pod, "n", {"disk": "ssd"})
    assert not matches_required_affinity(pod, "n", {"disk": "hdd", "k": "v"})


def test_preference_adds_the_weights_that_hold() -> None:
    wishes = [
        core.PreferredSchedulingTerm(weight=w, preference=core.NodeSelectorTerm(matchExpressions=[r]))
        for w, r in ((10, requirement("In", "v")), (5, requirement("Exists")), (1, requirement("In", "w")))
    ]
    affinity = core.NodeAffinity(preferredDuringSchedulingIgnoredDuringExecution=wishes)
    pod = core.Pod(spec=core.PodSpec(containers=[], affinity=core.Affinity(nodeAffinity=affinity)))

    assert preference(pod, "n", {"k": "v"}) == 15
    assert preference(pod, "n", {}) == 0
