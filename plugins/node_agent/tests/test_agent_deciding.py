"""What is to be done about a pod: the rules, one by one, without any cluster."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts.runtime import ContainerState, ContainerStatus
from kubernel_node_agent.pods.deciding import Plan, decide
from kubernel_node_agent.pods.memory import Health, PodMemory
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.settings import NodeSettings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SETTINGS = NodeSettings()


def _pod(*names: str, policy: str = "Always", inits: tuple[core.Container, ...] = ()) -> core.Pod:
    spec = core.PodSpec(
        containers=[core.Container(name=name) for name in names], initContainers=list(inits), restartPolicy=policy
    )
    return core.Pod(metadata=meta.ObjectMeta(name="pod", uid="uid"), spec=spec, status=core.PodStatus())


def _container(name: str, attempt: int = 0, exit_code: int | None = None, *, ran_s: float = 1.0) -> ContainerStatus:
    """Return a running container, or with an exit code one that ended just now."""
    return ContainerStatus(
        id=f"uid.{name}.{attempt}",
        name=name,
        attempt=attempt,
        image="host",
        image_id="host",
        state=ContainerState.RUNNING if exit_code is None else ContainerState.EXITED,
        started_at=NOW - timedelta(seconds=ran_s),
        finished_at=None if exit_code is None else NOW,
        exit_code=exit_code,
    )


def _seen(*containers: ContainerStatus, alive: bool = True) -> Seen:
    attempts: dict[str, list[ContainerStatus]] = {}
    for container in containers:
        attempts.setdefault(container.name, []).append(container)
    return Seen(alive, bool(containers), attempts)


def _decide(pod: core.Pod, seen: Seen, memory: PodMemory | None = None, now: datetime = NOW) -> Plan:
    return decide(pod, seen, memory or PodMemory(), now, SETTINGS)


def _starts(plan: Plan) -> list[tuple[str, int]]:
    return [(start.container.name, start.attempt) for start in plan.starts]


def test_new_pod_needs_a_sandbox_and_all_its_containers() -> None:
    plan = _decide(_pod("a", "b"), Seen())

    assert plan.needs_sandbox
    assert _starts(plan) == [("a", 0), ("b", 0)]


def test_running_pod_needs_nothing() -> None:
    plan = _decide(_pod("a"), _seen(_container("a")))

    assert not plan.needs_sandbox
    assert (plan.starts, plan.stops, plan.look_again_at) == ([], [], None)


@pytest.mark.parametrize(
    ("policy", "exit_code", "restarts"),
    [
        ("Always", 0, True),
        ("Always", 1, True),
        ("OnFailure", 0, False),
        ("OnFailure", 1, True),
        ("Never", 0, False),
        ("Never", 1, False),
    ],
)
def test_restart_policy(policy: str, exit_code: int, *, restarts: bool) -> None:
    plan = _decide(_pod("a", policy=policy), _seen(_container("a", exit_code=exit_code)))

    assert _starts(plan) == ([("a", 1)] if restarts else [])


def test_first_restart_is_free_and_later_ones_wait_ever_longer() -> None:
    memory, pod = PodMemory(), _pod("a")
    waits = []
    for attempt in range(8):
        plan = _decide(pod, _seen(_container("a", attempt, exit_code=1)), memory)
        waits.append((plan.look_again_at - NOW).total_seconds() if plan.look_again_at else 0.0)

    assert waits == [0, 10, 20, 40, 80, 160, 300, 300]


def test_container_that_ran_long_has_recovered() -> None:
    memory, pod = PodMemory(), _pod("a")
    for attempt in range(5):
        _decide(pod, _seen(_container("a", attempt, exit_code=1)), memory)

    plan = _decide(pod, _seen(_container("a", 5, exit_code=1, ran_s=601)), memory)

    assert _starts(plan) == [("a", 6)]


def test_back_off_that_is_over_starts_again() -> None:
    memory, pod = PodMemory(first_attempts={"a": 0}), _pod("a")

    plan = _decide(pod, _seen(_container("a", 1, exit_code=1)), memory, NOW + timedelta(seconds=10))

    assert _starts(plan) == [("a", 2)]


def test_init_containers_come_one_by_one_and_first() -> None:
    pod = _pod("main", inits=(core.Container(name="i1"), core.Container(name="i2")))

    assert _starts(_decide(pod, _seen())) == [("i1", 0)]
    assert _starts(_decide(pod, _seen(_container("i1")))) == []
    assert _starts(_decide(pod, _seen(_container("i1", exit_code=0)))) == [("i2", 0)]
    done = (_container("i1", exit_code=0), _container("i2", exit_code=0))
    assert _starts(_decide(pod, _seen(*done))) == [("main", 0)]


def test_failed_init_container_is_repeated_unless_never() -> None:
    init = core.Container(name="i1")
    failed = _seen(_container("i1", exit_code=1))

    assert _starts(_decide(_pod("main", inits=(init,)), failed)) == [("i1", 1)]
    assert _starts(_decide(_pod("main", policy="Never", inits=(init,)), failed)) == []


def test_sidecar_starts_first_and_stays() -> None:
    sidecar = core.Container(name="side", restartPolicy="Always")
    pod = _pod("main", policy="Never", inits=(sidecar, core.Container(name="i2")))

    assert _starts(_decide(pod, _seen())) == [("side", 0)]
    assert _starts(_decide(pod, _seen(_container("side")))) == [("i2", 0)]
    ready = (_container("side", exit_code=1), _container("i2", exit_code=0), _container("main"))
    assert _starts(_decide(pod, _seen(*ready))) == [("side", 1)]


def test_dead_sandbox_is_made_again_for_what_restarts() -> None:
    plan = _decide(_pod("a"), _seen(_container("a", exit_code=137), alive=False))

    assert plan.needs_sandbox
    assert _starts(plan) == [("a", 1)]


def test_finished_pod_is_left_alone_and_what_still_runs_is_ended() -> None:
    pod = _pod("a", "b", policy="Never")
    assert pod.status is not None
    pod.status.phase = "Failed"

    plan = _decide(pod, _seen(_container("a", exit_code=1), _container("b")))

    assert plan.starts == []
    assert [stop.running.name for stop in plan.stops] == ["b"]


def test_unhealthy_container_is_ended() -> None:
    memory = PodMemory(health={"uid.a.0": Health(failed="liveness probe")})

    plan = _decide(_pod("a", "b"), _seen(_container("a"), _container("b")), memory)

    assert [(stop.running.name, stop.why.format(name="a")) for stop in plan.stops] == [
        ("a", "Container a failed liveness probe, will be restarted")
    ]


def test_pod_over_its_deadline_is_ended_and_until_then_looked_at() -> None:
    pod = _pod("a")
    assert pod.spec is not None
    assert pod.status is not None
    pod.spec.activeDeadlineSeconds = 60
    pod.status.startTime = NOW

    before = _decide(pod, _seen(_container("a")), now=NOW + timedelta(seconds=59))
    after = _decide(pod, _seen(_container("a")), now=NOW + timedelta(seconds=60))

    assert before.stops == []
    assert before.look_again_at == NOW + timedelta(seconds=60)
    assert [stop.running.name for stop in after.stops] == ["a"]


def test_only_two_attempts_are_kept() -> None:
    attempts = [_container("a", number, exit_code=1) for number in range(3)]

    plan = _decide(_pod("a"), _seen(*attempts, _container("a", 3)))

    assert plan.forget == ["uid.a.0", "uid.a.1"]


@given(
    policy=st.sampled_from(["Always", "OnFailure", "Never"]),
    codes=st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 3))),
)
def test_plan_never_starts_what_runs_and_never_stops_the_healthy(policy: str, codes: dict[str, int | None]) -> None:
    seen = _seen(*(_container(name, exit_code=code) for name, code in codes.items()))

    plan = _decide(_pod("a", "b", "c", policy=policy), seen)

    running = {name for name, code in codes.items() if code is None}
    assert running.isdisjoint(name for name, _ in _starts(plan))
    assert plan.stops == []
    assert {name for name, attempt in _starts(plan) if attempt == 0} == set("abc") - set(codes)
