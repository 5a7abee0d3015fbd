"""The groups that this server serves itself, shown as APIServices too, as ``kubectl get apiservices`` expects.

Source: kube-apiserver's ``apiVersionPriorities`` and kube-aggregator's auto-registration, for priorities and labels.
"""

from collections.abc import Iterable, Mapping

from kubernel.api.aggregation.remotes import Remotes
from kubernel.objects.clock import now
from kubernel.objects.lifecycle import prepare_new
from kubernel.objects.models import ApiObject, apiregistration, meta, meta_of
from kubernel.objects.registry import AnyKind, Registry

__all__ = ["MANAGED", "local_services"]

MANAGED = "kube-aggregator.kubernetes.io/automanaged"
"""The label of APIServices that come and go with what is served: ``onstart`` for built-in groups, else ``true``."""

_BUILTIN: Mapping[str, int] = {
    "": 18_000,
    "apps": 17_800,
    "events.k8s.io": 17_750,
    "authentication.k8s.io": 17_700,
    "authorization.k8s.io": 17_600,
    "autoscaling": 17_500,
    "batch": 17_400,
    "certificates.k8s.io": 17_300,
    "networking.k8s.io": 17_200,
    "policy": 17_100,
    "rbac.authorization.k8s.io": 17_000,
    "storage.k8s.io": 16_800,
    "apiextensions.k8s.io": 16_700,
    "admissionregistration.k8s.io": 16_700,
    "scheduling.k8s.io": 16_600,
    "coordination.k8s.io": 16_500,
    "node.k8s.io": 16_300,
    "discovery.k8s.io": 16_200,
}
_CUSTOM_PRIORITY, _CUSTOM_VERSION_PRIORITY = 1_000, 100
_OWN = "apiregistration.k8s.io"


def local_services(kind: AnyKind, registry: Registry, remotes: Remotes) -> Iterable[ApiObject]:
    """Return an APIService for each group version that is served here and by nobody else."""
    for group, version in sorted({(known.group, known.version) for known in registry}):
        if group != _OWN and remotes.find(group, version) is None:
            yield _service(kind, group, version)


def _service(kind: AnyKind, group: str, version: str) -> ApiObject:
    is_builtin = group in _BUILTIN
    service = apiregistration.APIService(
        apiVersion=kind.api_version,
        kind=kind.name,
        metadata=meta.ObjectMeta(name=f"{version}.{group}", labels={MANAGED: "onstart" if is_builtin else "true"}),
        spec=apiregistration.APIServiceSpec(
            group=group,
            version=version,
            groupPriorityMinimum=_BUILTIN.get(group, _CUSTOM_PRIORITY),
            versionPriority=_version_priority(group, version) if is_builtin else _CUSTOM_VERSION_PRIORITY,
        ),
    )
    prepare_new(kind, service, namespace=None, now=now())
    assert meta_of(service).name, "it has just been named"
    return service


def _version_priority(group: str, version: str) -> int:
    if not group:
        return 1
    return 30 if (group, version) == ("autoscaling", "v2") else 15
