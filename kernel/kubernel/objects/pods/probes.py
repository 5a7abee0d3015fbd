"""Rules of probes and life-cycle handlers: what asks a container how it is.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateProbe``, ``validateHandler``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.names import http_header_errors
from kubernel.objects.rules.values import at_least_zero, named, one_of, port_or_name, within

__all__ = ["lifecycle_errors", "liveness_errors", "probe_errors"]

SCHEMES = ("HTTP", "HTTPS")
_COUNTS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def probe_errors(probe: core.Probe | None, path: str) -> Iterable[FieldError]:
    """Check a readiness probe, or what every probe has in common."""
    if probe is None:
        return
    yield from _handler_errors(probe, path)
    for name in _COUNTS:
        yield from at_least_zero(getattr(probe, name), f"{path}.{name}")
    grace = probe.terminationGracePeriodSeconds
    if grace is not None and grace <= 0:
        yield field_invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0")


def liveness_errors(probe: core.Probe | None, path: str) -> Iterable[FieldError]:
    """Check a liveness or startup probe, which one success must satisfy."""
    if probe is None:
        return
    yield from probe_errors(probe, path)
    if probe.successThreshold not in {None, 1}:
        yield field_invalid(f"{path}.successThreshold", probe.successThreshold, "must be 1")


def lifecycle_errors(lifecycle: core.Lifecycle | None, path: str) -> Iterable[FieldError]:
    """Check what runs after a container starts and before it stops."""
    if lifecycle is None:
        return
    for name in ("postStart", "preStop"):
        handler: core.LifecycleHandler | None = getattr(lifecycle, name)
        if handler is not None:
            yield from _handler_errors(handler, f"{path}.{name}")


def _handler_errors(handler: core.Probe | core.LifecycleHandler, path: str) -> Iterable[FieldError]:
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
        yield from within(handler.sleep.seconds, 0, 2**31 - 1, f"{where}.seconds")


def _http_get_errors(action: core.HTTPGetAction, path: str) -> Iterable[FieldError]:
    if not action.path:
        yield field_required(f"{path}.path")
    yield from port_or_name(action.port, f"{path}.port")
    yield from one_of(action.scheme, SCHEMES, f"{path}.scheme")
    for header in action.httpHeaders or ():
        yield from named(http_header_errors, header.name, f"{path}.httpHeaders")
