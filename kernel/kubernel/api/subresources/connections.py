"""What a connection into the cluster is asked with, and whether those outside let it be made (``CONNECT``).

Exec, attach, port-forward and proxies store nothing, but webhooks and policies have a say in them: they are shown the
options, which stand in the query, as an object. A mutating webhook may change them. Hooks of plugins are for writes.
Source: Kubernetes' ``core/v1`` for the options; its ``ConnectResource`` for when admission is asked.
"""

from typing import TypeVar

import msgspec

from kubernel.api.request.call import Call
from kubernel.objects.kind import Kind
from kubernel.objects.models import meta
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import AdmissionRequest

__all__ = [
    "NodeProxyOptions",
    "PodAttachOptions",
    "PodExecOptions",
    "PodPortForwardOptions",
    "PodProxyOptions",
    "ProxyOptions",
    "ServiceProxyOptions",
    "admit_connection",
]


class _Options(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What all have; the metadata is there for who reads every object's, and stays empty."""

    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None
    metadata: meta.ObjectMeta | None = None


class PodAttachOptions(_Options):
    """Which streams of which container; empty for the only one."""

    stdin: bool = False
    stdout: bool = False
    stderr: bool = False
    tty: bool = False
    container: str = ""


class PodExecOptions(PodAttachOptions):
    """The same, with a command in words."""

    command: list[str] = []


class PodPortForwardOptions(_Options):
    """Which ports; none leaves it to each stream."""

    ports: list[int] = []


class ProxyOptions(_Options):
    """Which path at the target, without its leading slash."""

    path: str = ""


class PodProxyOptions(ProxyOptions):
    """At a pod."""


class ServiceProxyOptions(ProxyOptions):
    """At a service."""


class NodeProxyOptions(ProxyOptions):
    """At a node."""


_O = TypeVar("_O", bound=_Options)


def _kind(options: type[_Options], of: AnyKind) -> AnyKind:
    """Return the kind of some options, as rules and reviews name it: by the resource that is connected to."""
    return Kind(
        type=options,
        group=of.group,
        version=of.version,
        name=options.__name__,
        plural=of.plural,
        singular=of.singular,
        namespaced=of.namespaced,
        verbs=(),
    )


async def admit_connection(call: Call, options: _O) -> _O:
    """Let those outside have their say before a connection is opened.

    Returns:
        The options, which they may have changed.

    Raises:
        StatusError: The connection is refused.
    """
    if not call.state.admission.asks_outside:
        return options
    kind = _kind(type(options), call.target.kind)
    options.apiVersion, options.kind = kind.api_version, kind.name
    attributes = call.attributes_for("connect")
    request = AdmissionRequest(attributes, kind, options, warnings=call.warnings, cluster=call.state.reader)
    await call.state.admission.connect(request)
    return options
