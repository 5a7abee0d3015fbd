"""The scheduling loop over a real API server: binding, waiting, explaining, retrying."""

import asyncio
from pathlib import Path

from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.plugin.contracts.scheduler import Decision, PodInfo
from kubernel.plugin.scheduling import Ledger

from tests.host.workload import (
    FirstFit,
    add_node,
    add_pod,
    has_event,
    node_of,
    pods_by_node,
    scheduled_condition,
    scheduling,
    soon,
)


class Confused(FirstFit):
    """Sends each pod to the moon on its first try."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def _decide(self, pod: PodInfo, ledger: Ledger) -> Decision:
        if pod.key not in self._seen:
            self._seen.add(pod.key)
            return Decision(pod.key, "moon")
        return super()._decide(pod, ledger)


async def test_binds_waiting_and_new_pods_and_says_so(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")
    await add_pod(client, "early")

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "late")

        await soon(lambda: node_of(client, "early"), "early is bound")
        await soon(lambda: node_of(client, "late"), "late is bound")
        message = "Successfully assigned default/late to n1"
        await soon(lambda: has_event(client, "late", "Scheduled", message), "the event")


async def test_explains_a_pod_that_fits_nowhere_and_binds_it_when_there_is_room(client: Client, tmp_path: Path) -> None:
    await add_node(client, "small")
    await add_node(client, "closed", cpu="8", unschedulable=True)
    message = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable."

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "big", cpu="4")

        condition = await soon(lambda: scheduled_condition(client, "big"), "the condition")
        assert (condition.status, condition.reason, condition.message) == ("False", "Unschedulable", message)
        await soon(lambda: has_event(client, "big", "FailedScheduling", message), "the event")

        await client.patch(core.Node, "closed", {"spec": {"unschedulable": None}})
        assert await soon(lambda: node_of(client, "big"), "big is bound") == "closed"


async def test_waits_for_room_that_a_pod_leaves_behind(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "first", cpu="800m")
        await soon(lambda: node_of(client, "first"), "first is bound")
        await add_pod(client, "second", cpu="800m")
        await soon(lambda: scheduled_condition(client, "second"), "second waits")
        assert await node_of(client, "second") is None

        await client.delete(core.Pod, "first", "default", grace_s=0)

        await soon(lambda: node_of(client, "second"), "second is bound")


async def test_a_finished_pod_takes_nothing(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "job", cpu="800m")
        await soon(lambda: node_of(client, "job"), "job is bound")
        await client.patch(core.Pod, "job", {"status": {"phase": "Succeeded"}}, "default", subresource="status")
        await add_pod(client, "next", cpu="800m")

        await soon(lambda: node_of(client, "next"), "next is bound")


async def test_leaves_pods_of_other_schedulers_alone(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "others", scheduler="other")
        await add_pod(client, "named", scheduler="first-fit")
        await soon(lambda: node_of(client, "named"), "named is bound")

        assert await node_of(client, "others") is None


async def test_never_books_a_node_twice_in_a_crowd(client: Client, tmp_path: Path) -> None:
    for name in ("n1", "n2", "n3"):
        await add_node(client, name)

    async with scheduling(client, FirstFit(), tmp_path):
        await asyncio.gather(*(add_pod(client, f"p{i}", cpu="100m") for i in range(50)))

        async def are_full() -> bool:
            return (await pods_by_node(client)).total() == 30

        await soon(are_full, "30 of 50 pods are bound")
        assert await pods_by_node(client) == {"n1": 10, "n2": 10, "n3": 10}


async def test_survives_a_scheduler_that_chooses_what_does_not_exist(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")

    async with scheduling(client, Confused(), tmp_path):
        await add_pod(client, "p")

        await soon(lambda: node_of(client, "p"), "p is bound in the end")
        why = 'the scheduler chose node "moon", which does not exist'
        await soon(lambda: has_event(client, "p", "FailedScheduling", why), "the event")


async def test_counts_what_was_bound_before_it_started(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")
    await add_pod(client, "old", cpu="800m")
    await client.bind("default", "old", "n1")

    async with scheduling(client, FirstFit(), tmp_path):
        await add_pod(client, "new", cpu="800m")
        await soon(lambda: scheduled_condition(client, "new"), "new waits")

        assert await node_of(client, "new") is None
