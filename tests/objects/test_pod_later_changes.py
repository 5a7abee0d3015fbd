"""What may happen to a pod later: new amounts, containers to look into it, fewer nodes, a status."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import POD
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain, core
from kubernel.objects.pods.containers.ephemeral import changed_errors
from kubernel.objects.pods.resizing import resize_errors

from tests.objects.altering import changed

Create = Callable[..., Any]

SMALL: Plain = {"spec": {"containers": [{"name": "c", "image": "i"}]}}
C = "spec.containers[0]"


def copied(pod: core.Pod) -> Any:
    return msgspec.json.decode(msgspec.json.encode(pod), type=core.Pod)


def said(pod: core.Pod, old: core.Pod, now: datetime, subresource: str | None = None) -> list[str]:
    try:
        prepare_changed(POD, pod, old, subresource=subresource, now=now)
    except StatusError as error:
        return [f"{cause.field}: {cause.message}" for cause in error.causes]
    return []


def test_resize_changes_the_amounts_and_nothing_else(create: Create) -> None:
    old = create(POD, changed(SMALL, **{f"{C}.resources": {"requests": {"cpu": "1"}}}))
    resized, best_effort, other = copied(old), copied(old), copied(old)
    resized.spec.containers[0].resources.requests = {"cpu": "2"}
    best_effort.spec.containers[0].resources.requests = {}
    other.spec.containers[0].image = "j"

    assert list(resize_errors(resized, old)) == []
    assert [str(error) for error in resize_errors(best_effort, old)] == [
        'spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
        "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
    ]
    assert [error.path for error in resize_errors(other, old)] == ["spec"]


def test_ephemeral_containers_are_only_added(create: Create) -> None:
    old = create(POD, SMALL)
    old.spec.ephemeralContainers = [core.EphemeralContainer(name="e", image="i")]
    more, fewer, other = copied(old), copied(old), copied(old)
    more.spec.ephemeralContainers.append(core.EphemeralContainer(name="f", image="i"))
    fewer.spec.ephemeralContainers = []
    other.spec.ephemeralContainers[0].image = "j"

    assert list(changed_errors(more, old)) == []
    assert "may not be removed" in str(next(iter(changed_errors(fewer, old))))
    assert "may not be changed" in str(next(iter(changed_errors(other, old))))


def test_ephemeral_container_has_few_fields(create: Create, now: datetime) -> None:
    old = create(POD, SMALL)
    new = copied(old)
    port = core.ContainerPort(containerPort=80)
    new.spec.ephemeralContainers = [core.EphemeralContainer("e", image="i", ports=[port], targetContainerName="x")]

    refusals = said(new, old, now, "ephemeralcontainers")

    assert 'spec.ephemeralContainers[0].targetContainerName: Not found: "x"' in refusals
    assert "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container" in refusals


def test_update_may_leave_out_what_says_nothing(create: Create, now: datetime) -> None:
    old = create(POD, changed(SMALL, **{"spec.hostNetwork": False, "spec.tolerations": []}))
    new = copied(old)
    new.spec.hostNetwork = new.spec.tolerations = None

    assert said(new, old, now) == []


def test_pod_that_waits_is_steered_to_fewer_nodes(create: Create, now: datetime) -> None:
    old = create(POD, changed(SMALL, **{"spec.schedulingGates": [{"name": "a"}], "spec.nodeSelector": {"a": "1"}}))
    narrower, wider = copied(old), copied(old)
    narrower.spec.nodeSelector = {"a": "1", "b": "2"}
    wider.spec.nodeSelector = {"b": "2"}

    assert said(narrower, old, now) == []
    assert said(wider, old, now) == [
        (
            'spec.nodeSelector: Invalid value: {"b":"2"}: '
            "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
        )
    ]


ENDED = core.ContainerState(terminated=core.ContainerStateTerminated(exitCode=0))


def test_container_that_ended_for_good_does_not_run_again(create: Create, now: datetime) -> None:
    old = create(POD, changed(SMALL, **{"spec.restartPolicy": "Never"}))
    old.status.containerStatuses = [core.ContainerStatus("i", "", "c", ready=False, restartCount=0, state=ENDED)]
    new = copied(old)
    new.status.containerStatuses[0].state = core.ContainerState(running=core.ContainerStateRunning())

    assert said(new, old, now, "status") == [
        "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"
    ]


def test_status_has_one_address_of_each_family(create: Create, now: datetime) -> None:
    old = create(POD, SMALL)
    new = copied(old)
    new.status.podIPs = [core.PodIP("127.0.0.1"), core.PodIP("127.0.0.2")]

    assert said(new, old, now, "status") == [
        'status.podIPs: Invalid value: ["127.0.0.1","127.0.0.2"]: may specify no more than one IP for each IP family'
    ]
