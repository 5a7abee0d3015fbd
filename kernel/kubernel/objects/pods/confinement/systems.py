"""What a pod may ask for on the operating system that it says it is for.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateOS``, ``validateLinux``, ``validateWindows``).
"""

from collections.abc import Iterable, Iterator

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core

__all__ = ["AnyContainer", "all_containers", "system_errors"]

AnyContainer = core.Container | core.EphemeralContainer
SYSTEMS = ("linux", "windows")
_NOT_ON_WINDOWS = "cannot be set for a windows pod"
_POD_CONTEXT = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
)
_POD = ("hostPID", "hostIPC")
_POD_EVEN_FALSE = ("hostUsers", "shareProcessNamespace")
_CONTAINER_CONTEXT = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def all_containers(spec: core.PodSpec, path: str) -> Iterator[tuple[AnyContainer, str]]:
    """Yield every container of a spec, of whatever sort, with its path."""
    for name in ("initContainers", "containers", "ephemeralContainers"):
        for i, container in enumerate(getattr(spec, name) or ()):
            yield container, f"{path}.{name}[{i}]"


def system_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check a spec against the operating system that it names, and the processes of the host on Windows."""
    yield from _host_process_errors(spec, path)
    if spec.os is None:
        return
    if not spec.os.name:
        yield field_required(f"{path}.os.name")
    elif spec.os.name not in SYSTEMS:
        yield field_not_supported(f"{path}.os.name", spec.os.name, SYSTEMS)
    else:
        yield from _linux_errors(spec, path) if spec.os.name == "linux" else _windows_errors(spec, path)


def _linux_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    contexts = [(spec.securityContext, path), *((c.securityContext, where) for c, where in all_containers(spec, path))]
    for context, where in contexts:
        if context is not None and context.windowsOptions is not None:
            why = "windows options cannot be set for a linux pod"
            yield field_forbidden(f"{where}.securityContext.windowsOptions", why)


def _windows_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    for name in (*_POD, *_POD_EVEN_FALSE):
        value = getattr(spec, name)
        if value or (value is False and name in _POD_EVEN_FALSE):
            yield field_forbidden(f"{path}.{name}", _NOT_ON_WINDOWS)
    yield from _set_errors(spec.securityContext, _POD_CONTEXT, f"{path}.securityContext")
    for container, where in all_containers(spec, path):
        yield from _set_errors(container.securityContext, _CONTAINER_CONTEXT, f"{where}.securityContext")


def _set_errors(context: object, names: Iterable[str], path: str) -> Iterable[FieldError]:
    for name in names:
        if context is not None and getattr(context, name) not in (None, []):
            yield field_forbidden(f"{path}.{name}", _NOT_ON_WINDOWS)


def _is_host_process(context: core.PodSecurityContext | core.SecurityContext | None) -> bool | None:
    options = context.windowsOptions if context is not None else None
    return options.hostProcess if options is not None else None


def _host_process_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check that all containers of a Windows pod are processes of the host, or none is."""
    of_pod = _is_host_process(spec.securityContext)
    found = [(_is_host_process(c.securityContext), where) for c, where in all_containers(spec, path)]
    effective = [of_pod if mine is None else mine for mine, _ in found]
    for mine, where in found:
        if mine is not None and of_pod is not None and mine != of_pod:
            why = f"pod hostProcess value must be identical if both are specified, was {str(of_pod).lower()}"
            yield field_invalid(f"{where}.securityContext.windowsOptions.hostProcess", mine, why)
    if not any(effective):
        return
    if not all(effective):
        why = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
        yield field_invalid(path, "", why)
    if not spec.hostNetwork:
        why = "hostNetwork must be true if pod contains any hostProcess containers"
        yield field_invalid(f"{path}.hostNetwork", bool(spec.hostNetwork), why)
