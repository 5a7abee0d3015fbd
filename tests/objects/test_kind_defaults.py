"""Defaults of the kinds other than Pod, and what their updates keep or forbid."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import (
    BUILTIN,
    CONFIG_MAP,
    ENDPOINTS,
    EVENT,
    NAMESPACE,
    NODE,
    PLUGIN,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE,
)
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain, core

from tests.objects.kind_samples import sample_of

Create = Callable[..., Any]

TEMPLATE: Plain = {"metadata": {"labels": {"App": "Nifty"}}, "spec": {"containers": [{"name": "c"}]}}


def copied(kind: Kind[Any], obj: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(obj), type=kind.type)


def refused(kind: Kind[Any], new: Any, old: Any, now: datetime) -> list[str]:
    with pytest.raises(StatusError) as caught:
        prepare_changed(kind, new, old, subresource=None, now=now)
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


def test_controller_takes_selector_and_labels_from_its_template(create: Create) -> None:
    controller = create(REPLICATION_CONTROLLER, {"spec": {"template": TEMPLATE}})

    assert controller.spec.replicas == 1
    assert controller.spec.selector == controller.metadata.labels == {"App": "Nifty"}
    assert controller.status.replicas == 0


def test_controller_keeps_zero_replicas_and_its_own_labels(create: Create) -> None:
    plain = {"metadata": {"labels": {"own": "1"}}, "spec": {"replicas": 0, "template": TEMPLATE}}

    controller = create(REPLICATION_CONTROLLER, plain)

    assert controller.spec.replicas == 0
    assert controller.metadata.labels == {"own": "1"}


def test_scale_reads_and_writes_the_replicas(create: Create) -> None:
    controller = create(REPLICATION_CONTROLLER, {"spec": {"template": TEMPLATE}})
    scale = REPLICATION_CONTROLLER.scale
    assert scale is not None

    scale.set_replicas(controller, 6)

    assert (scale.replicas(controller), scale.current(controller)) == (6, 0)
    assert scale.selector(controller) == "App=Nifty"


def test_service_gets_the_defaults_of_kubernetes(create: Create) -> None:
    service = create(SERVICE, {"spec": {"ports": [{"port": 80}], "selector": {"App": "Nifty"}}})

    assert msgspec.to_builtins(service.spec) == {
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "selector": {"App": "Nifty"},
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }
    assert msgspec.to_builtins(service.status) == {"loadBalancer": {}}


def test_service_affinity_and_external_defaults(create: Create) -> None:
    spec = {"ports": [{"port": 80, "targetPort": "http"}], "type": "LoadBalancer", "sessionAffinity": "ClientIP"}

    service = create(SERVICE, {"spec": spec})

    assert service.spec.ports[0].targetPort == "http"
    assert service.spec.sessionAffinityConfig.clientIP.timeoutSeconds == 10800
    assert (service.spec.externalTrafficPolicy, service.spec.allocateLoadBalancerNodePorts) == ("Cluster", True)


def test_external_name_has_no_address(create: Create) -> None:
    service = create(SERVICE, {"spec": {"type": "ExternalName", "externalName": "example.com"}})

    assert service.spec.ipFamilies is None
    assert service.spec.clusterIP is None


def test_service_address_is_kept_and_cannot_change(create: Create, now: datetime) -> None:
    old = create(SERVICE, {"spec": {"ports": [{"port": 80}], "clusterIP": "127.96.0.9"}})
    left_out, moved = copied(SERVICE, old), copied(SERVICE, old)
    left_out.spec.clusterIP = left_out.spec.clusterIPs = None
    moved.spec.clusterIP, moved.spec.clusterIPs = "127.96.0.10", ["127.96.0.10"]

    prepare_changed(SERVICE, left_out, old, subresource=None, now=now)

    assert (left_out.spec.clusterIP, left_out.spec.clusterIPs) == ("127.96.0.9", ["127.96.0.9"])
    assert refused(SERVICE, moved, old, now) == [
        'spec.clusterIPs[0]: Invalid value: ["127.96.0.10"]: may not change once set'
    ]


def test_service_drops_what_its_new_type_does_not_have(create: Create, now: datetime) -> None:
    spec = {"type": "LoadBalancer", "clusterIP": "127.96.0.9", "ports": [{"port": 80, "nodePort": 30000}]}
    old = create(SERVICE, {"spec": spec})
    internal, external = copied(SERVICE, old), copied(SERVICE, old)
    internal.spec.type = "ClusterIP"
    external.spec.type, external.spec.externalName = "ExternalName", "example.com"

    prepare_changed(SERVICE, internal, old, subresource=None, now=now)
    prepare_changed(SERVICE, external, old, subresource=None, now=now)

    assert internal.spec.ports[0].nodePort is None
    assert (internal.spec.externalTrafficPolicy, internal.spec.allocateLoadBalancerNodePorts) == (None, None)
    assert internal.spec.clusterIP == "127.96.0.9"
    assert (external.spec.clusterIP, external.spec.clusterIPs, external.spec.ipFamilies) == (None, None, None)


def test_namespace_is_active_labelled_and_held(create: Create, now: datetime) -> None:
    old = create(NAMESPACE, {"metadata": {"name": "team"}})
    new = copied(NAMESPACE, old)
    new.spec, new.metadata.labels = None, {"a": "1"}

    prepare_changed(NAMESPACE, new, old, subresource=None, now=now)

    assert old.metadata.namespace is None
    assert new.metadata.labels == {"a": "1", "kubernetes.io/metadata.name": "team"}
    assert new.spec.finalizers == ["kubernetes"]
    assert new.status.phase == "Active"


def test_finalize_may_empty_a_namespaces_finalizers(create: Create, now: datetime) -> None:
    old = create(NAMESPACE, {"metadata": {"name": "team"}})
    new = copied(NAMESPACE, old)
    new.spec = core.NamespaceSpec()

    prepare_changed(NAMESPACE, new, old, subresource="finalize", now=now)

    assert new.spec.finalizers is None


def test_secret_folds_string_data_and_cannot_change_its_type(create: Create, now: datetime) -> None:
    old = create(SECRET, {"stringData": {"a": "hello"}, "type": "example.com/own"})
    new = copied(SECRET, old)
    new.type = None

    assert (old.data, old.stringData) == ({"a": "aGVsbG8="}, None)
    assert create(SECRET, {}).type == "Opaque"
    assert refused(SECRET, new, old, now) == ['type: Invalid value: "Opaque": field is immutable']


@pytest.mark.parametrize("kind", [CONFIG_MAP, SECRET], ids=lambda kind: kind.name)
def test_immutable_data_cannot_change(create: Create, now: datetime, kind: Kind[Any]) -> None:
    old = create(kind, {"immutable": True, "data": {"a": "aGVsbG8="}})
    new = copied(kind, old)
    new.data, new.immutable = {}, None

    assert refused(kind, new, old, now) == [
        "immutable: Forbidden: field is immutable when `immutable` is set",
        "data: Forbidden: field is immutable when `immutable` is set",
    ]


def test_node_shows_canonical_capacity(create: Create) -> None:
    node = create(NODE, {"status": {"capacity": {"cpu": 4, "memory": "2048Mi"}}})

    assert node.status.capacity == node.status.allocatable == {"cpu": "4", "memory": "2Gi"}


def test_node_keeps_its_provider_and_its_range(create: Create, now: datetime) -> None:
    old = create(NODE, {"spec": {"providerID": "a", "podCIDRs": ["127.64.0.0/24"]}})
    new = copied(NODE, old)
    new.spec.providerID, new.spec.podCIDR = "b", "127.64.1.0/24"

    assert [sentence.split(":")[0] for sentence in refused(NODE, new, old, now)] == ["spec.podCIDRs", "spec.providerID"]


def test_controller_status_must_add_up(create: Create, now: datetime) -> None:
    old = create(REPLICATION_CONTROLLER, {"spec": {"template": TEMPLATE}})
    new = copied(REPLICATION_CONTROLLER, old)
    new.status = core.ReplicationControllerStatus(replicas=1, readyReplicas=2, availableReplicas=3)

    with pytest.raises(StatusError) as caught:
        prepare_changed(REPLICATION_CONTROLLER, new, old, subresource="status", now=now)

    assert [f"{cause.field}: {cause.message}" for cause in caught.value.causes] == [
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
    ]


def test_endpoints_and_events_get_small_defaults(create: Create) -> None:
    endpoints = create(ENDPOINTS, {"subsets": [{"addresses": [{"ip": "127.64.0.1"}], "ports": [{"port": 80}]}]})
    event = create(EVENT, {"involvedObject": {}})

    assert endpoints.subsets[0].ports[0].protocol == "TCP"
    assert (event.reportingComponent, event.reportingInstance) == ("", "")


def test_plugin_starts_pending_and_keeps_its_role(create: Create, now: datetime) -> None:
    old = create(PLUGIN, sample_of(PLUGIN))
    new = copied(PLUGIN, old)
    new.spec.driver, new.spec.role = "default", "proxy"

    assert old.status.phase == "Pending"
    assert create(PLUGIN, {"spec": {**sample_of(PLUGIN)["spec"], "enabled": False}}).status.phase == "Disabled"
    assert refused(PLUGIN, new, old, now) == ['spec.role: Invalid value: "proxy": field is immutable']


@pytest.mark.parametrize("kind", [k for k in BUILTIN if k.is_stored], ids=lambda kind: kind.resource)
def test_update_without_a_change_changes_nothing(create: Create, now: datetime, kind: Kind[Any]) -> None:
    old = create(kind, sample_of(kind))
    stored = msgspec.json.encode(old)

    for subresource in (None, "status"):
        new = copied(kind, old)
        prepare_changed(kind, new, old, subresource=subresource, now=now)
        assert msgspec.json.encode(new) == stored
    assert msgspec.json.encode(old) == stored
