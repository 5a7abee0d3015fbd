"""The namespaces that exist in every cluster; made at start when they are absent."""

from datetime import UTC, datetime

from kubernel.objects import codec
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.lifecycle import prepare_new
from kubernel.objects.models import core, meta
from kubernel.store import GroupCommit, Write, key_of
from kubernel.watch import Cache

__all__ = ["ensure_namespaces"]

_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")


async def ensure_namespaces(cache: Cache, commit: GroupCommit) -> None:
    """Create the cluster's own namespaces; another API server may be doing the same."""
    for name in _NAMESPACES:
        if cache.collection(NAMESPACE).get("", name) is not None:
            continue
        namespace = core.Namespace(apiVersion="v1", kind="Namespace", metadata=meta.ObjectMeta(name=name))
        prepare_new(NAMESPACE, namespace, namespace=None, now=datetime.now(UTC))
        head_length = len(codec.head("v1", "Namespace"))
        await commit.write(
            Write(key_of("namespaces", "", name), 0, codec.encode(namespace), head_length, actor="system:apiserver")
        )
