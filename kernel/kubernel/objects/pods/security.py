"""Rules of the users, groups and privileges that a pod or a container asks for.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateSecurityContext``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.models import core
from kubernel.objects.rules.values import within

__all__ = ["container_security_errors", "pod_security_errors"]

ID_MAX = 2**31 - 1


def pod_security_errors(context: core.PodSecurityContext | None, path: str) -> Iterable[FieldError]:
    """Check what holds for all containers of a pod."""
    if context is None:
        return
    yield from within(context.runAsUser, 0, ID_MAX, f"{path}.runAsUser")
    yield from within(context.runAsGroup, 0, ID_MAX, f"{path}.runAsGroup")
    yield from within(context.fsGroup, 0, ID_MAX, f"{path}.fsGroup")
    for i, group in enumerate(context.supplementalGroups or ()):
        yield from within(group, 0, ID_MAX, f"{path}.supplementalGroups[{i}]")


def container_security_errors(context: core.SecurityContext, path: str) -> Iterable[FieldError]:
    """Check what one container asks for."""
    yield from within(context.runAsUser, 0, ID_MAX, f"{path}.runAsUser")
    yield from within(context.runAsGroup, 0, ID_MAX, f"{path}.runAsGroup")
    if context.allowPrivilegeEscalation is False:
        if context.privileged:
            why = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            yield field_invalid(path, context, why)
        if context.capabilities and "CAP_SYS_ADMIN" in (context.capabilities.add or ()):
            why = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            yield field_invalid(path, context, why)
