"""The objects that exist in every cluster; made at start when they are absent, or say something else."""

from datetime import UTC, datetime

from kubernel.objects import codec
from kubernel.objects.kinds.core.config_map import CONFIG_MAP
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.kinds.scheduling.priority_class import PRIORITY_CLASS, SYSTEM_CLASSES
from kubernel.objects.lifecycle import prepare_new
from kubernel.objects.models import ApiObject, core, meta, meta_of, scheduling
from kubernel.objects.registry import AnyKind
from kubernel.store import ANY_REVISION, GroupCommit, Write, key_of
from kubernel.watch import Cache

__all__ = ["ensure_authority", "ensure_namespaces", "ensure_priority_classes"]

_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
_SYSTEM = "kube-system"
AUTHENTICATION, AUTHORITY = "extension-apiserver-authentication", "client-ca-file"
"""Where extension API servers, and the publisher of root certificates, look for who signs (Kubernetes' own names)."""

_PURPOSES = {
    "system-cluster-critical": "run in the cluster, but can be moved to another node if necessary",
    "system-node-critical": "not be moved from their current node",
}


async def ensure_namespaces(cache: Cache, commit: GroupCommit) -> None:
    """Create the cluster's own namespaces; another API server may be doing the same."""
    for name in _NAMESPACES:
        if cache.collection(NAMESPACE).get("", name) is None:
            namespace = core.Namespace(apiVersion="v1", kind="Namespace", metadata=meta.ObjectMeta(name=name))
            await _write(commit, NAMESPACE, namespace, expected=0)


async def ensure_priority_classes(cache: Cache, commit: GroupCommit) -> None:
    """Create the priorities of what the cluster itself cannot do without."""
    for name, value in SYSTEM_CLASSES.items():
        if cache.collection(PRIORITY_CLASS).get("", name) is None:
            purpose = f"Used for system critical pods that must {_PURPOSES[name]}."
            priority = scheduling.PriorityClass(value=value, description=purpose, metadata=meta.ObjectMeta(name=name))
            priority.apiVersion, priority.kind = PRIORITY_CLASS.api_version, PRIORITY_CLASS.name
            await _write(commit, PRIORITY_CLASS, priority, expected=0)


async def ensure_authority(cache: Cache, commit: GroupCommit, certificate: str) -> None:
    """Publish the certificate of the authority that signs for this cluster, when there is one."""
    if not certificate:
        return
    data = {AUTHORITY: certificate}
    record = cache.collection(CONFIG_MAP).get(_SYSTEM, AUTHENTICATION)
    known = record.decode() if record is not None else None
    if isinstance(known, core.ConfigMap) and known.data == data:
        return
    about = meta.ObjectMeta(name=AUTHENTICATION, namespace=_SYSTEM)
    published = core.ConfigMap(apiVersion="v1", kind="ConfigMap", metadata=about, data=data)
    await _write(commit, CONFIG_MAP, published, expected=ANY_REVISION)


async def _write(commit: GroupCommit, kind: AnyKind, obj: ApiObject, *, expected: int) -> None:
    metadata = meta_of(obj)
    prepare_new(kind, obj, namespace=metadata.namespace, now=datetime.now(UTC))
    key = key_of(kind.resource, metadata.namespace or "", metadata.name or "")
    head_length = len(codec.head(kind.api_version, kind.name))
    await commit.write(Write(key, expected, codec.encode(obj), head_length, actor="system:apiserver"))
