from datetime import UTC, datetime
from pathlib import Path

from kubernel.cluster.units.plan import Package, Plans, make_plans
from kubernel.host.spec import DriverSpec
from kubernel.objects.models import meta
from kubernel.objects.plugin_object import Plugin, PluginSpec

DATA = Path("/data")


def _plugin(name: str, role: str, driver: str = "x", **spec: object) -> Plugin:
    about = meta.ObjectMeta(name=name, generation=4, creationTimestamp=datetime(2026, 1, 1, tzinfo=UTC))
    return Plugin(metadata=about, spec=PluginSpec(role=role, driver=driver, **spec))  # type: ignore[arg-type]


def _plans(*plugins: Plugin) -> Plans:
    return make_plans(plugins, DATA, ("node-1",))


AGENT = (_plugin("agent", "agent", "node"), _plugin("runtime", "runtime", "process"), _plugin("network", "network"))


def test_a_controller_gets_a_host_of_its_own() -> None:
    plan = _plans(_plugin("rc", "controller", "replication", config={"a": 1})).hosts["rc"]

    assert plan.spec.driver == DriverSpec("controller", "replication", {"a": 1})
    assert (plan.spec.uses, plan.spec.nodes, plan.side_by_side) == ((), (), True)
    assert plan.generations == {"rc": 4}


def test_an_agents_plan_contains_its_runtime_and_network() -> None:
    plans = _plans(*AGENT)

    plan = plans.hosts["agent"]
    assert plans.hosts.keys() == {"agent"}
    assert plan.spec.uses == (DriverSpec("runtime", "process"), DriverSpec("network", "x"))
    assert plan.objects == {"agent": "agent", "runtime": "runtime", "network": "network"}
    assert (plan.spec.nodes, plan.side_by_side) == (("node-1",), False)


def test_another_runtime_is_another_plan_for_the_agent() -> None:
    other = (*AGENT[:1], _plugin("runtime", "runtime", "hollow"), *AGENT[2:])

    assert _plans(*AGENT).hosts["agent"] != _plans(*other).hosts["agent"]


def test_generations_do_not_make_another_plan() -> None:
    newer = _plugin("rc", "controller")
    assert newer.metadata is not None
    newer.metadata.generation = 9

    assert _plans(newer).hosts["rc"] == _plans(_plugin("rc", "controller")).hosts["rc"]


def test_an_agent_without_a_runtime_says_what_it_needs() -> None:
    plans = _plans(AGENT[0], AGENT[2], _plugin("runtime", "runtime", enabled=False))

    assert plans.problems == {"agent": "it needs a runtime: create or enable a Plugin object with role runtime"}
    assert plans.hosts == {}
    assert plans.disabled == {"runtime"}


def test_of_two_objects_for_one_role_the_one_with_its_name_serves() -> None:
    plans = _plans(_plugin("a", "scheduler", "one"), _plugin("scheduler", "scheduler", "two"))

    assert plans.hosts.keys() == {"scheduler"}
    assert plans.problems["a"].startswith("one driver serves role scheduler, and Plugin/scheduler names it")


def test_a_disabled_object_gets_no_host() -> None:
    plans = _plans(_plugin("rc", "controller", enabled=False))

    assert not plans.hosts
    assert plans.disabled == {"rc"}


def test_an_unknown_role_is_a_problem() -> None:
    assert _plans(_plugin("c", "cook")).problems == {"c": "there is no role 'cook'"}


def test_hooks_are_not_chosen_by_an_object() -> None:
    assert "loaded by the API server" in _plans(_plugin("a", "admission")).problems["a"]


def test_packages_of_all_drivers_are_installed_first() -> None:
    plans = _plans(AGENT[0], _plugin("runtime", "runtime", "process", package="p>=1"), AGENT[2])

    assert plans.hosts["agent"].packages == (Package("runtime", "process", "p>=1"),)
