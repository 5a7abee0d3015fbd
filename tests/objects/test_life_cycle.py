import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import CONFIG_MAP, LEASE, NODE, POD, REPLICATION_CONTROLLER
from kubernel.objects.lifecycle import prepare_changed, prepare_new
from kubernel.objects.models import core, meta

Create = Callable[..., Any]

MISMATCH = "the namespace of the provided object does not match the namespace sent on the request"


def pod(**metadata: Any) -> core.Pod:
    spec = core.PodSpec(containers=[core.Container(name="c", image="i")])
    return core.Pod(metadata=meta.ObjectMeta(**metadata), spec=spec)


def config(**metadata: Any) -> core.ConfigMap:
    return core.ConfigMap(metadata=meta.ObjectMeta(**{"name": "c", **metadata}))


def updated(old: core.ConfigMap, **metadata: Any) -> core.ConfigMap:
    new = msgspec.json.decode(msgspec.json.encode(old), type=core.ConfigMap)
    assert new.metadata is not None
    for name, value in metadata.items():
        setattr(new.metadata, name, value)
    return new


def test_new_object_is_stamped(now: datetime) -> None:
    obj = pod(name="web", deletionTimestamp=now, deletionGracePeriodSeconds=3, generation=9, uid="mine")

    prepare_new(POD, obj, namespace="default", now=now)

    metadata = obj.metadata
    assert metadata is not None
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", metadata.uid or "")
    assert metadata.creationTimestamp == datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
    assert (metadata.namespace, metadata.generation) == ("default", 1)
    assert metadata.deletionTimestamp is None
    assert metadata.deletionGracePeriodSeconds is None


def test_generated_name_has_five_characters_more(now: datetime) -> None:
    short, long = pod(generateName="nifty-rc-"), pod(generateName="x" * 70)

    for obj in (short, long):
        prepare_new(POD, obj, namespace="default", now=now)

    assert short.metadata is not None
    assert long.metadata is not None
    assert re.fullmatch("nifty-rc-[bcdfghjklmnpqrstvwxz2456789]{5}", short.metadata.name or "")
    assert len(long.metadata.name or "") == 63


def test_given_name_wins_over_a_generated_one(now: datetime) -> None:
    obj = pod(name="web", generateName="other-")

    prepare_new(POD, obj, namespace="default", now=now)

    assert obj.metadata is not None
    assert obj.metadata.name == "web"


def test_object_without_a_name_is_refused(now: datetime) -> None:
    with pytest.raises(StatusError) as caught:
        prepare_new(POD, pod(), namespace="default", now=now)

    assert caught.value.code == 422
    assert caught.value.message == (
        'Pod "" is invalid: metadata.name: Required value: name or generateName is required'
    )


def test_every_broken_rule_is_a_cause_and_the_group_is_named(now: datetime) -> None:
    lease = msgspec.convert({"metadata": {"name": "A"}, "spec": {"leaseDurationSeconds": -1}}, LEASE.type)

    with pytest.raises(StatusError) as caught:
        prepare_new(LEASE, lease, namespace="default", now=now)

    assert caught.value.message.startswith(
        'Lease.coordination.k8s.io "A" is invalid: [metadata.name: Invalid value: "A"'
    )
    assert [cause.field for cause in caught.value.causes] == ["metadata.name", "spec.leaseDurationSeconds"]


def test_namespace_must_be_that_of_the_request(now: datetime) -> None:
    with pytest.raises(StatusError, match=MISMATCH) as caught:
        prepare_new(POD, pod(name="web", namespace="other"), namespace="default", now=now)

    assert caught.value.code == 400


def test_cluster_scoped_object_has_no_namespace(now: datetime) -> None:
    node = core.Node(metadata=meta.ObjectMeta(name="n1", namespace="default", generation=4))

    prepare_new(NODE, node, namespace=None, now=now)

    assert node.metadata is not None
    assert (node.metadata.namespace, node.metadata.generation) == (None, None)


def test_label_that_is_no_text_is_a_bad_request(now: datetime) -> None:
    with pytest.raises(StatusError) as caught:
        prepare_new(POD, pod(name="web", labels={"a": 1}), namespace="default", now=now)

    assert caught.value.code == 400
    assert caught.value.message == (
        'Pod in version "v1" cannot be handled as a Pod: '
        "json: cannot unmarshal number into Go struct field metadata.labels of type string"
    )


def test_update_keeps_what_only_the_server_writes(now: datetime) -> None:
    old = config(labels={"a": "1"})
    prepare_new(CONFIG_MAP, old, namespace="default", now=now)
    new = core.ConfigMap(
        metadata=meta.ObjectMeta(resourceVersion="7", labels={"a": "2"}, generation=9), data={"k": "v"}
    )

    prepare_changed(CONFIG_MAP, new, old, subresource=None, now=now)

    assert old.metadata is not None
    assert new.metadata == msgspec.structs.replace(old.metadata, labels={"a": "2"}, resourceVersion="7")


def test_deletion_marks_survive_an_update(now: datetime) -> None:
    old = config(finalizers=["example.com/a"])
    prepare_new(CONFIG_MAP, old, namespace="default", now=now)
    assert old.metadata is not None
    old.metadata.deletionTimestamp, old.metadata.deletionGracePeriodSeconds = now, 0
    new = updated(old, deletionTimestamp=None, deletionGracePeriodSeconds=None, finalizers=None)

    prepare_changed(CONFIG_MAP, new, old, subresource=None, now=now)

    assert new.metadata is not None
    assert (new.metadata.deletionTimestamp, new.metadata.deletionGracePeriodSeconds) == (now, 0)
    assert new.metadata.finalizers is None


def test_finalizers_may_only_shrink_while_deleting(now: datetime) -> None:
    old = config(finalizers=["example.com/a"])
    prepare_new(CONFIG_MAP, old, namespace="default", now=now)
    assert old.metadata is not None
    old.metadata.deletionTimestamp = now

    with pytest.raises(StatusError) as caught:
        prepare_changed(CONFIG_MAP, updated(old, finalizers=["example.com/b"]), old, subresource=None, now=now)

    assert caught.value.message == (
        'ConfigMap "c" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is '
        'being deleted, found new finalizers []string{"example.com/b"}'
    )


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"name": "d"}, 400, "the name of the object (d) does not match the name on the URL (c)"),
        ({"namespace": "other"}, 400, MISMATCH),
        (
            {"uid": "another"},
            409,
            (
                'Operation cannot be fulfilled on configmaps "c": Precondition failed: UID in precondition: another, '
                "UID in object meta: "
            ),
        ),
    ],
)
def test_update_must_mean_the_stored_object(now: datetime, change: dict[str, str], code: int, message: str) -> None:
    old = config()
    prepare_new(CONFIG_MAP, old, namespace="default", now=now)

    with pytest.raises(StatusError) as caught:
        prepare_changed(CONFIG_MAP, updated(old, **change), old, subresource=None, now=now)

    assert caught.value.code == code
    assert caught.value.message.startswith(message)


def test_generation_counts_changes_of_the_spec_only(create: Create, now: datetime) -> None:
    template = {"metadata": {"labels": {"a": "1"}}, "spec": {"containers": [{"name": "c"}]}}
    old = create(REPLICATION_CONTROLLER, {"spec": {"template": template}})
    labelled, scaled, counted = (
        msgspec.json.decode(msgspec.json.encode(old), type=core.ReplicationController) for _ in range(3)
    )
    assert labelled.metadata is not None
    assert scaled.spec is not None
    labelled.metadata.labels = {"b": "2"}
    scaled.spec.replicas = 6
    counted.status = core.ReplicationControllerStatus(replicas=1)

    prepare_changed(REPLICATION_CONTROLLER, labelled, old, subresource=None, now=now)
    prepare_changed(REPLICATION_CONTROLLER, scaled, old, subresource="scale", now=now)
    prepare_changed(REPLICATION_CONTROLLER, counted, old, subresource="status", now=now)

    assert [obj.metadata and obj.metadata.generation for obj in (labelled, scaled, counted)] == [1, 2, 1]
