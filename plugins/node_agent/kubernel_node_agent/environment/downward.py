"""What a pod may know of itself: ``fieldRef`` and ``resourceFieldRef``."""

import math
import re
from collections.abc import Mapping
from fractions import Fraction

from kubernel.objects.models import core, meta_of
from kubernel.objects.quantity import parse_quantity

from kubernel_node_agent.environment.sources import ConfigInvalid
from kubernel_node_agent.pods.reading import spec_of

__all__ = ["PodFacts", "field_value", "resource_value"]

_ONE_LABEL = re.compile(r"metadata\.(labels|annotations)\['(.+)'\]")


class PodFacts:
    """A pod with the addresses that its status may not show yet, and the node's allocatable amounts."""

    def __init__(self, pod: core.Pod, ip: str, host_ip: str, allocatable: Mapping[str, str]) -> None:
        self.pod = pod
        self.ip = ip
        self.host_ip = host_ip
        self.allocatable = allocatable


def field_value(path: str, facts: PodFacts) -> str:
    """Return the value at a field path such as ``status.podIP`` or ``metadata.labels['app']``.

    Raises:
        ConfigInvalid: There is no such field for containers.
    """
    about, spec = meta_of(facts.pod), spec_of(facts.pod)
    if match := _ONE_LABEL.fullmatch(path):
        mapping = (about.labels if match[1] == "labels" else about.annotations) or {}
        return str(mapping.get(match[2], ""))
    values = {
        "metadata.name": about.name,
        "metadata.namespace": about.namespace,
        "metadata.uid": about.uid,
        "metadata.labels": _lines(about.labels),
        "metadata.annotations": _lines(about.annotations),
        "spec.nodeName": spec.nodeName,
        "spec.serviceAccountName": spec.serviceAccountName,
        "status.podIP": facts.ip,
        "status.podIPs": facts.ip,
        "status.hostIP": facts.host_ip,
        "status.hostIPs": facts.host_ip,
    }
    if path not in values:
        raise ConfigInvalid(f"unsupported fieldPath: {path}")
    return values[path] or ""


def resource_value(reference: core.ResourceFieldSelector, container: core.Container, facts: PodFacts) -> str:
    """Return an amount such as ``limits.memory`` in units of the reference's divisor, rounded up.

    A limit that is not set is the node's allocatable amount, as with the kubelet.

    Raises:
        ConfigInvalid: There is no such resource, or the container is unknown.
    """
    if reference.containerName and reference.containerName != container.name:
        named = [each for each in spec_of(facts.pod).containers if each.name == reference.containerName]
        if not named:
            raise ConfigInvalid(f"container {reference.containerName} not found")
        container = named[0]
    which, _, resource = reference.resource.partition(".")
    if which not in ("limits", "requests") or not resource:
        raise ConfigInvalid(f"unsupported resource: {reference.resource}")
    resources = container.resources or core.ResourceRequirements()
    amounts = (resources.limits if which == "limits" else resources.requests) or {}
    text = amounts.get(resource) or (facts.allocatable.get(resource, "0") if which == "limits" else "0")
    divisor = parse_quantity(reference.divisor) if reference.divisor else Fraction(1)
    return str(math.ceil(parse_quantity(text) / (divisor or Fraction(1))))


def _lines(mapping: Mapping[str, str] | None) -> str:
    return "\n".join(f'{key}="{value}"' for key, value in sorted((mapping or {}).items()))
