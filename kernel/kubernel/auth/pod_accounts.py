"""Gives each new pod the service account that it runs as, and makes sure that there is one.

The token of the account is not mounted: nothing fills such a volume yet (decision 0063).

Source: Kubernetes' ``plugin/pkg/admission/serviceaccount``.
"""

from collections.abc import Callable

from kubernel.objects.errors import StatusError, forbidden
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.service_account import SERVICE_ACCOUNT
from kubernel.objects.models import core, meta_of
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache

__all__ = ["PodAccounts"]

_DEFAULT = "default"
_MIRROR = "kubernetes.io/config.mirror"
_SECRETS_MARK = b'"imagePullSecrets"'


class PodAccounts:
    """A pod that names no account runs as ``default``, and pulls images with its account's secrets."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Complete a new pod."""
        spec = _new_spec(request)
        if spec is None or _is_mirror(request.obj):
            return
        if not spec.serviceAccountName:
            spec.serviceAccountName = spec.serviceAccount = _DEFAULT
        self._check(spec.serviceAccountName, request)
        if not spec.imagePullSecrets:
            spec.imagePullSecrets = self._secrets(spec.serviceAccountName, request.attributes.namespace)

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Check what became of a new pod: others may have completed it too."""
        spec = _new_spec(request)
        if spec is None:
            return
        if _is_mirror(request.obj):
            _check_mirror(spec, request)
        elif not spec.serviceAccountName:
            name = meta_of(request.obj).name
            raise _refused(request, f"no service account specified for pod {request.attributes.namespace}/{name}")
        else:
            self._check(spec.serviceAccountName, request)

    def _check(self, name: str, request: AdmissionRequest) -> None:
        # A namespace gets its default account a moment after it was made, and without controllers never: nothing that
        # the account says is lost meanwhile, because a new one says nothing (decision 0063).
        namespace = request.attributes.namespace
        if name != _DEFAULT and self._cache().collection(SERVICE_ACCOUNT).get(namespace, name) is None:
            why = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
            raise _refused(request, why)

    def _secrets(self, name: str, namespace: str) -> list[core.LocalObjectReference] | None:
        record = self._cache().collection(SERVICE_ACCOUNT).get(namespace, name)
        if record is None or _SECRETS_MARK not in record.data:
            return None
        account = record.decode()
        return account.imagePullSecrets if isinstance(account, core.ServiceAccount) else None


def _new_spec(request: AdmissionRequest) -> core.PodSpec | None:
    pod = request.obj
    if request.kind is not POD or request.old is not None or not isinstance(pod, core.Pod):
        return None
    return pod.spec


def _is_mirror(pod: core.Pod) -> bool:
    return _MIRROR in (meta_of(pod).annotations or ())


def _check_mirror(spec: core.PodSpec, request: AdmissionRequest) -> None:
    """Check a pod that only shows what a node runs on its own: it cannot have anything of the cluster."""
    if spec.serviceAccountName:
        raise _refused(request, "a mirror pod may not reference service accounts")
    for volume in spec.volumes or ():
        if volume.secret is not None:
            raise _refused(request, "a mirror pod may not reference secrets")
        if any(source.serviceAccountToken is not None for source in (volume.projected or _NONE).sources or ()):
            raise _refused(request, "a mirror pod may not use ServiceAccountToken volume projections")


_NONE = core.ProjectedVolumeSource()


def _refused(request: AdmissionRequest, why: str) -> StatusError:
    return forbidden(request.kind.plural, meta_of(request.obj).name or request.attributes.name, why)
