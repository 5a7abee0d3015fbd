"""The kind ``Node``: a machine, or what stands for one, that runs pods."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kubernel.objects.cells import AGE, NAME, NONE, UNKNOWN
from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid
from kubernel.objects.kind import Cell, Column, Kind
from kubernel.objects.models import core
from kubernel.objects.pods.placement.scheduling import TAINT_EFFECTS
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.rules.addresses import cidr_errors, family_of
from kubernel.objects.rules.labels import label_key_errors, label_value_errors
from kubernel.objects.rules.resource_names import quantity_errors
from kubernel.objects.rules.values import duplicates, one_of, repeats, required_name

__all__ = ["AGENT_ENDPOINT", "NODE"]

AGENT_ENDPOINT = "kubernel.dev/agent-endpoint"
"""The annotation in which a node says where its agent answers the API server, such as ``unix:///…/agent.sock``."""

_DUPLICATE = "{}: taints must be unique by key and effect pair"
ROLE_PREFIX, ROLE = "node-role.kubernetes.io/", "kubernetes.io/role"


def _default(node: core.Node) -> None:
    if node.spec is None:
        node.spec = core.NodeSpec()
    _default_ranges(node.spec)
    if node.status is None:
        return
    canonicalise(node.status.capacity)
    canonicalise(node.status.allocatable)
    if not node.status.allocatable and node.status.capacity:
        node.status.allocatable = dict(node.status.capacity)


def _default_ranges(spec: core.NodeSpec) -> None:
    """Make the older field, of one range, and the newer one, of one for each family, say the same."""
    if spec.podCIDR and (not spec.podCIDRs or spec.podCIDRs[0] != spec.podCIDR):
        spec.podCIDRs = [spec.podCIDR]
    elif spec.podCIDRs:
        spec.podCIDR = spec.podCIDRs[0]


def _validate(node: core.Node) -> Iterable[FieldError]:
    if node.spec is not None and node.spec.taints:
        yield from _taint_errors(node.spec.taints, "metadata.taints")  # spelled so in Kubernetes too
    if node.status is not None:
        for field in ("capacity", "allocatable"):
            amounts: dict[str, Any] = getattr(node.status, field) or {}
            for name, amount in amounts.items():
                yield from quantity_errors(name, amount, f"status.{field}.{name}")


def _validate_create(node: core.Node) -> Iterable[FieldError]:
    ranges, path = (node.spec.podCIDRs if node.spec else None) or [], "spec.podCIDRs"
    for i, text in enumerate(ranges):
        yield from cidr_errors(text, f"{path}[{i}]")
    families = [family_of(text) for text in ranges]
    if len(set(families)) < len(ranges):
        yield field_invalid(path, ranges, "may specify no more than one CIDR for each IP family")
    yield from duplicates(ranges, lambda i: f"{path}[{i}]")


def _taint_errors(taints: list[core.Taint], path: str) -> Iterable[FieldError]:
    seen: set[tuple[str, str]] = set()
    for i, taint in enumerate(taints):
        where = f"{path}[{i}]"
        yield from required_name(label_key_errors, taint.key, f"{where}.key")
        for why in label_value_errors(taint.value or ""):
            yield field_invalid(f"{where}.value", taint.value, why)
        yield from one_of(taint.effect, TAINT_EFFECTS, f"{where}.effect")
        if (taint.key, taint.effect) in seen:
            yield FieldError(where, "FieldValueDuplicate", _DUPLICATE.format(field_duplicate(where, taint).detail))
        seen.add((taint.key, taint.effect))


def _validate_update(new: core.Node, old: core.Node) -> Iterable[FieldError]:
    was, spec = old.spec or core.NodeSpec(), new.spec or core.NodeSpec()
    for i, address, is_repeated in repeats((new.status.addresses if new.status else None) or ()):
        if is_repeated:
            yield field_duplicate(f"status.addresses[{i}]", address)
    if was.podCIDRs and spec.podCIDRs != was.podCIDRs:
        why = 'node updates may not change podCIDR except from "" to valid'
        yield field_forbidden("spec.podCIDRs", why)
    if was.providerID and spec.providerID != was.providerID:
        yield field_forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid')
    if (spec.externalID or "") != (was.externalID or ""):
        yield field_forbidden("spec.externalID", "may not be updated")


def _status(node: core.Node, _now: datetime) -> str:
    conditions = (node.status.conditions if node.status else None) or []
    ready = [condition.status == "True" for condition in conditions if condition.type == "Ready"]
    words = ["Unknown"] if not ready else ["Ready" if ready[0] else "NotReady"]
    if node.spec and node.spec.unschedulable:
        words.append("SchedulingDisabled")
    return ",".join(words)


def _roles(node: core.Node, _now: datetime) -> str:
    labels: dict[str, str] = (node.metadata.labels if node.metadata else None) or {}
    roles = {key.removeprefix(ROLE_PREFIX) for key in labels if key.startswith(ROLE_PREFIX)}
    roles |= {value for key, value in labels.items() if key == ROLE and value}
    return ",".join(sorted(role for role in roles if role)) or NONE


def _address(node: core.Node, kind: str) -> str:
    addresses = (node.status.addresses if node.status else None) or []
    return next((address.address for address in addresses if address.type == kind), NONE)


def _info(name: str, title: str, description: str, *, priority: int = 1) -> Column[core.Node]:
    def cell(node: core.Node, _now: datetime) -> Cell:
        info = node.status.nodeInfo if node.status else None
        text: str = getattr(info, name) if info else ""
        return text or (UNKNOWN if priority else "")

    return Column(title, cell, priority=priority, description=description)


NODE = Kind(
    type=core.Node,
    group="",
    version="v1",
    name="Node",
    plural="nodes",
    singular="node",
    namespaced=False,
    short_names=("no",),
    default=_default,
    validate=_validate,
    validate_create=_validate_create,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Status", _status, description="Whether pods can run here."),
        Column("Roles", _roles, description="The roles that its labels give it."),
        AGE,
        _info("kubeletVersion", "Version", "The node agent's version.", priority=0),
        Column("Internal-IP", lambda n, _: _address(n, "InternalIP"), priority=1, description="Its own address."),
        Column("External-IP", lambda n, _: _address(n, "ExternalIP"), priority=1, description="Its public address."),
        _info("osImage", "OS-Image", "The operating system."),
        _info("kernelVersion", "Kernel-Version", "The kernel."),
        _info("containerRuntimeVersion", "Container-Runtime", "What runs its containers."),
    ),
    selectable={"spec.unschedulable": lambda n: "true" if n.spec and n.spec.unschedulable else "false"},
    has_status=True,
    subresources=("proxy",),
)
