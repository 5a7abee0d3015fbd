"""Quotas in force: what counts, and the words of refusals."""

import json

import pytest
from tests.quota_calls import Namespace, Plain, config_map, pod


async def test_too_many_pods_are_refused_in_kubernetes_words(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "2"})
    await namespace.create("pods", pod("a"))
    await namespace.create("pods", pod("b"))

    words = await namespace.refusal("pods", pod("c"))
    await namespace.delete("pods", "a")
    await namespace.create("pods", pod("c"))

    assert words == 'pods "c" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2'


async def test_compute_is_counted_and_has_to_be_specified(namespace: Namespace) -> None:
    await namespace.quota(hard={"requests.cpu": "1", "limits.memory": "1Gi"})
    await namespace.create("pods", pod("a", {"cpu": "600m"}, {"memory": "512Mi"}))

    both = await namespace.refusal("pods", pod("b", {"cpu": "600m"}, {"memory": "768Mi"}))
    missing = await namespace.refusal("pods", pod("c", {"cpu": "1m"}))
    await namespace.create("pods", pod("d", {"cpu": "400m"}, {"memory": "512Mi"}))

    assert both.endswith(
        "exceeded quota: q, requested: limits.memory=768Mi,requests.cpu=600m, "
        "used: limits.memory=512Mi,requests.cpu=600m, limited: limits.memory=1Gi,requests.cpu=1"
    )
    assert missing == 'pods "c" is forbidden: failed quota: q: must specify limits.memory for: c'


async def test_finished_pods_count_as_objects_only(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "1", "count/pods": "2"})
    made = await namespace.create("pods", pod("a"))
    status = {**made, "status": {"phase": "Succeeded"}}
    await namespace.client.request("PUT", f"{namespace.path('pods')}/a/status", body=status)
    await namespace.create("pods", pod("b"))

    words = await namespace.refusal("pods", pod("c"))

    assert "requested: count/pods=1,pods=1, used: count/pods=2,pods=1, limited: count/pods=2,pods=1" in words


@pytest.mark.parametrize(
    ("hard", "plural", "group", "first", "second"),
    [
        ({"configmaps": "1"}, "configmaps", "", config_map("a"), config_map("b")),
        ({"count/secrets": "1"}, "secrets", "", config_map("a"), config_map("b")),
        (
            {"count/leases.coordination.k8s.io": "1"},
            "leases",
            "coordination.k8s.io/v1",
            config_map("a"),
            config_map("b"),
        ),
        ({"resourcequotas": "1"}, "resourcequotas", "", None, {"metadata": {"name": "r"}, "spec": {}}),
    ],
)
async def test_objects_of_any_kind_are_counted(
    namespace: Namespace, hard: Plain, plural: str, group: str, first: Plain | None, second: Plain
) -> None:
    await namespace.quota(hard=hard)
    if first is not None:
        await namespace.create(plural, first, group)

    words = await namespace.refusal(plural, second, group)

    (name,) = hard
    assert words.endswith(f"exceeded quota: q, requested: {name}=1, used: {name}=1, limited: {name}=1")


async def test_services_are_counted_by_what_they_take_and_when_they_change(namespace: Namespace) -> None:
    await namespace.quota(hard={"services": "3", "services.nodeports": "1", "services.loadbalancers": "0"})

    def service(name: str, kind: str, *ports: int) -> Plain:
        listed = [{"name": f"p{port}", "port": port} for port in ports]
        return {"metadata": {"name": name}, "spec": {"type": kind, "ports": listed}}

    made = await namespace.create("services", service("a", "ClusterIP", 80))
    balancer = await namespace.refusal("services", service("b", "LoadBalancer", 80))
    ports = await namespace.refusal("services", service("b", "NodePort", 80, 81))
    changed = {**made, "spec": {**made["spec"], "type": "NodePort"}}
    await namespace.client.request("PUT", f"{namespace.path('services')}/a", body=changed)
    taken = await namespace.refusal("services", service("b", "NodePort", 80))

    assert "requested: services.loadbalancers=1, used: services.loadbalancers=0" in balancer
    assert "requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1" in ports
    assert "requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1" in taken


async def test_claims_take_storage_of_their_class(namespace: Namespace) -> None:
    gold = "gold.storageclass.storage.k8s.io/requests.storage"
    await namespace.quota(hard={"persistentvolumeclaims": "5", "requests.storage": "10Gi", gold: "2Gi"})

    def claim(name: str, storage: str, storage_class: str) -> Plain:
        resources = {"requests": {"storage": storage}}
        spec = {"accessModes": ["ReadWriteOnce"], "resources": resources, "storageClassName": storage_class}
        return {"metadata": {"name": name}, "spec": spec}

    await namespace.create("persistentvolumeclaims", claim("a", "2Gi", "gold"))
    of_class = await namespace.refusal("persistentvolumeclaims", claim("b", "1Gi", "gold"))
    of_all = await namespace.refusal("persistentvolumeclaims", claim("b", "9Gi", "lead"))
    await namespace.create("persistentvolumeclaims", claim("b", "8Gi", "lead"))

    assert of_class.endswith(f"requested: {gold}=1Gi, used: {gold}=2Gi, limited: {gold}=2Gi")
    assert of_all.endswith(
        "requested: requests.storage=9Gi, used: requests.storage=2Gi, limited: requests.storage=10Gi"
    )


@pytest.mark.parametrize(
    ("spec", "inside", "outside"),
    [
        ({"scopes": ["BestEffort"]}, pod("x"), pod("y", {"cpu": "1m"})),
        ({"scopes": ["NotBestEffort"]}, pod("x", {"cpu": "1m"}), pod("y")),
        ({"scopes": ["Terminating"]}, pod("x", activeDeadlineSeconds=5), pod("y")),
        ({"scopes": ["NotTerminating"]}, pod("x"), pod("y", activeDeadlineSeconds=5)),
    ],
)
async def test_quota_bounds_only_what_is_in_its_scope(
    namespace: Namespace, spec: Plain, inside: Plain, outside: Plain
) -> None:
    await namespace.quota(hard={"pods": "0"}, **spec)

    await namespace.create("pods", outside)

    assert "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0" in await namespace.refusal(
        "pods", inside
    )


async def test_every_quota_of_a_namespace_counts(namespace: Namespace) -> None:
    await namespace.quota("wide", hard={"pods": "5"})
    await namespace.quota("narrow", hard={"pods": "1"})
    await namespace.create("pods", pod("a"))

    assert "exceeded quota: narrow" in await namespace.refusal("pods", pod("b"))


async def test_dry_run_is_judged_and_takes_nothing(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "1"})
    for name in ("a", "b", "c"):
        await namespace.create("pods", pod(name), query="?dryRun=All")

    await namespace.create("pods", pod("a"))

    assert "exceeded quota" in await namespace.refusal("pods", pod("b"))


async def test_raised_quota_is_in_force_with_the_next_write(namespace: Namespace) -> None:
    await namespace.quota(hard={"configmaps": "0"})
    await namespace.refusal("configmaps", config_map("a"))
    body = json.dumps({"spec": {"hard": {"configmaps": "1"}}}).encode()
    patch = "application/merge-patch+json"
    await namespace.client.request("PATCH", f"{namespace.path('resourcequotas')}/q", body=body, content_type=patch)

    await namespace.create("configmaps", config_map("a"))
