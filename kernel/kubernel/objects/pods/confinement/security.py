"""Rules of the users, groups and privileges that a pod or a container asks for.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validatePodSpecSecurityContext``, ``ValidateSecurityContext``).
"""

import re
from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.pods.confinement.profiles import profile_errors
from kubernel.objects.rules.values import within

__all__ = ["container_security_errors", "host_errors", "pod_security_errors"]

ID_MAX = 2**31 - 1
GROUP_CHANGES = ("Always", "OnRootMismatch")
GROUP_POLICIES = ("Merge", "Strict")
LABEL_CHANGES = ("MountOption", "Recursive")
PROC_MOUNTS = ("Default", "Unmasked")
SYSCTL_MAX = 253
_SYSCTL_FORMAT = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL_SEGMENT = re.compile("[a-z0-9]([-_a-z0-9]*[a-z0-9])?", re.ASCII)
_IPC_SYSCTLS = ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")


def pod_security_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check what holds for all containers of a pod.

    Args:
        spec: The pod's spec.
        path: Where its ``securityContext`` is.
    """
    context = spec.securityContext
    if spec.shareProcessNamespace and spec.hostPID:
        why = "ShareProcessNamespace and HostPID cannot both be enabled"
        yield field_invalid(f"{path}.shareProcessNamespace", True, why)
    if context is None:
        return
    yield from within(context.fsGroup, 0, ID_MAX, f"{path}.fsGroup")
    yield from within(context.runAsUser, 0, ID_MAX, f"{path}.runAsUser")
    yield from within(context.runAsGroup, 0, ID_MAX, f"{path}.runAsGroup")
    for i, group in enumerate(context.supplementalGroups or ()):
        yield from within(group, 0, ID_MAX, f"{path}.supplementalGroups[{i}]")
    if context.sysctls:
        yield from _sysctl_errors(spec, context.sysctls, f"{path}.sysctls")
    for name, supported in (
        ("fsGroupChangePolicy", GROUP_CHANGES),
        ("supplementalGroupsPolicy", GROUP_POLICIES),
        ("seLinuxChangePolicy", LABEL_CHANGES),
    ):
        if (value := getattr(context, name)) is not None and value not in supported:
            yield field_not_supported(f"{path}.{name}", value, supported)
    yield from profile_errors(context, path)


def _sysctl_errors(spec: core.PodSpec, sysctls: list[core.Sysctl], path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, sysctl in enumerate(sysctls):
        where, name = f"{path}[{i}].name", sysctl.name
        if not name:
            yield field_required(where)
        elif not _is_sysctl(name):
            why = f"must have at most {SYSCTL_MAX} characters and match regex ^{_SYSCTL_FORMAT}$"
            yield field_invalid(where, name, why)
        elif name in seen:
            yield field_duplicate(where, name)
        seen.add(name)
        dotted = name.replace("/", ".")
        if spec.hostNetwork and dotted.startswith("net."):
            yield field_invalid(where, name, "may not be specified when 'hostNetwork' is true")
        elif spec.hostIPC and dotted.startswith(_IPC_SYSCTLS):
            yield field_invalid(where, name, "may not be specified when 'hostIPC' is true")


def _is_sysctl(name: str) -> bool:
    """Whether each segment is right: asked one by one, because the whole pattern backtracks on long names."""
    return len(name) <= SYSCTL_MAX and all(_SYSCTL_SEGMENT.fullmatch(part) for part in re.split(r"[./]", name))


def host_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check that a pod with users of its own shares no other namespace with its node."""
    if spec.hostUsers is not False:
        return
    for name, field in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
        if getattr(spec, name):
            yield field_forbidden(f"{path}.{field}", "when `hostUsers` is false")


def container_security_errors(
    context: core.SecurityContext, path: str, *, has_host_users: bool = True
) -> Iterable[FieldError]:
    """Check what one container asks for.

    Args:
        context: What to check.
        path: Where it is.
        has_host_users: Whether the pod's users are those of its node.
    """
    yield from within(context.runAsUser, 0, ID_MAX, f"{path}.runAsUser")
    yield from within(context.runAsGroup, 0, ID_MAX, f"{path}.runAsGroup")
    if context.procMount is not None:
        if context.procMount not in PROC_MOUNTS:
            yield field_not_supported(f"{path}.procMount", context.procMount, PROC_MOUNTS)
        elif has_host_users and context.procMount == "Unmasked":
            why = "`hostUsers` must be false to use `Unmasked`"
            yield field_invalid(f"{path}.procMount", context.procMount, why)
    yield from profile_errors(context, path)
    if context.allowPrivilegeEscalation is False:
        if context.privileged:
            why = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            yield field_invalid(path, context, why)
        if context.capabilities and "CAP_SYS_ADMIN" in (context.capabilities.add or ()):
            why = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            yield field_invalid(path, context, why)
