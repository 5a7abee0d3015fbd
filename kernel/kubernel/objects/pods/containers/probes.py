"""Rules of probes and life-cycle handlers: what asks a container how it is.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateProbe``, ``validateHandler``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.names import http_header_errors
from kubernel.objects.rules.values import at_least_zero, named, one_of, port_or_name

__all__ = ["lifecycle_errors", "liveness_errors", "readiness_errors"]

SCHEMES = ("HTTP", "HTTPS")
_COUNTS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


_NAMES = (
    *("ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL"),
    *("PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1"),
    *("USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX"),
)
_REAL_TIME = [*(f"RTMIN+{n}" for n in range(1, 16)), *(f"RTMAX-{n}" for n in range(1, 15))]
LINUX_SIGNALS = tuple(sorted(f"SIG{name}" for name in [*_NAMES, *_REAL_TIME]))
WINDOWS_SIGNALS = ("SIGKILL", "SIGTERM")


def readiness_errors(probe: core.Probe | None, path: str) -> Iterable[FieldError]:
    """Check a readiness probe, which ends nothing."""
    if probe is None:
        return
    yield from _probe_errors(probe, path)
    grace = probe.terminationGracePeriodSeconds
    if grace is not None:
        where = f"{path}.terminationGracePeriodSeconds"
        yield field_invalid(where, grace, "must not be set for readinessProbes")


def _probe_errors(probe: core.Probe, path: str) -> Iterable[FieldError]:
    yield from _handler_errors(probe, path, None)
    for name in _COUNTS:
        yield from at_least_zero(getattr(probe, name), f"{path}.{name}")
    grace = probe.terminationGracePeriodSeconds
    if grace is not None and grace <= 0:
        yield field_invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0")


def liveness_errors(probe: core.Probe | None, path: str) -> Iterable[FieldError]:
    """Check a liveness or startup probe, which one success must satisfy."""
    if probe is None:
        return
    yield from _probe_errors(probe, path)
    if probe.successThreshold not in {None, 1}:
        yield field_invalid(f"{path}.successThreshold", probe.successThreshold, "must be 1")


def lifecycle_errors(lifecycle: core.Lifecycle, spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check what runs after a container starts and before it stops, and the signal that stops it."""
    for name in ("postStart", "preStop"):
        handler: core.LifecycleHandler | None = getattr(lifecycle, name)
        if handler is not None:
            yield from _handler_errors(handler, f"{path}.{name}", spec.terminationGracePeriodSeconds)
    if lifecycle.stopSignal is not None:
        yield from _signal_errors(lifecycle.stopSignal, spec.os, f"{path}.stopSignal")


def _signal_errors(signal: str, system: core.PodOS | None, path: str) -> Iterable[FieldError]:
    if system is None or not system.name:
        yield field_forbidden(path, "may not be set for containers with empty `spec.os.name`")
        return
    supported = WINDOWS_SIGNALS if system.name == "windows" else LINUX_SIGNALS
    if signal not in supported:
        yield field_not_supported(path, signal, supported)


def _handler_errors(
    handler: core.Probe | core.LifecycleHandler, path: str, grace_s: int | None
) -> Iterable[FieldError]:
    found = [name for name in ("exec", "httpGet", "tcpSocket", "grpc", "sleep") if getattr(handler, name, None)]
    if not found:
        yield field_required(path, "must specify a handler type")
        return
    for name in found[1:]:
        yield field_forbidden(f"{path}.{name}", "may not specify more than 1 handler type")
    where = f"{path}.{found[0]}"
    if handler.exec and not handler.exec.command:
        yield field_required(f"{where}.command")
    elif handler.httpGet:
        yield from _http_get_errors(handler.httpGet, where)
    elif handler.tcpSocket:
        yield from port_or_name(handler.tcpSocket.port, f"{where}.port")
    elif isinstance(handler, core.Probe) and handler.grpc:
        yield from port_or_name(handler.grpc.port, f"{where}.port")
    elif isinstance(handler, core.LifecycleHandler) and handler.sleep:
        yield from _sleep_errors(handler.sleep, grace_s, where)


def _sleep_errors(action: core.SleepAction, grace_s: int | None, path: str) -> Iterable[FieldError]:
    if grace_s is not None and not 0 <= action.seconds <= grace_s:
        why = f"must be non-negative and less than terminationGracePeriodSeconds ({grace_s})"
        yield field_invalid(path, action.seconds, why)


def _http_get_errors(action: core.HTTPGetAction, path: str) -> Iterable[FieldError]:
    if not action.path:
        yield field_required(f"{path}.path")
    yield from port_or_name(action.port, f"{path}.port")
    yield from one_of(action.scheme, SCHEMES, f"{path}.scheme")
    for header in action.httpHeaders or ():
        yield from named(http_header_errors, header.name, f"{path}.httpHeaders")
