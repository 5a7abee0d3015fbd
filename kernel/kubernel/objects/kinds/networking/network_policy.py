"""The kind ``NetworkPolicy``: who may speak with the pods that it selects."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import meta, networking
from kubernel.objects.rules.addresses import Network, cidr_errors, network_of
from kubernel.objects.rules.names import port_number_errors
from kubernel.objects.rules.values import port_or_name
from kubernel.objects.selectors import label_selector_errors
from kubernel.objects.workloads.selecting import shown_selector

__all__ = ["NETWORK_POLICY"]

PROTOCOLS = ("TCP", "UDP", "SCTP")
TYPES = ("Ingress", "Egress")
Rule = networking.NetworkPolicyIngressRule | networking.NetworkPolicyEgressRule


def _spec(policy: networking.NetworkPolicy) -> networking.NetworkPolicySpec:
    return policy.spec or networking.NetworkPolicySpec()


def _default(policy: networking.NetworkPolicy) -> None:
    policy.spec = spec = _spec(policy)
    spec.podSelector = spec.podSelector or meta.LabelSelector()
    for rule in (*(spec.ingress or ()), *(spec.egress or ())):
        for port in rule.ports or ():
            port.protocol = port.protocol or "TCP"
    if not spec.policyTypes:
        spec.policyTypes = ["Ingress", "Egress"] if spec.egress else ["Ingress"]


def _validate(policy: networking.NetworkPolicy) -> Iterable[FieldError]:
    spec = _spec(policy)
    yield from label_selector_errors(spec.podSelector, "spec.podSelector")
    for i, entering in enumerate(spec.ingress or ()):
        yield from _rule_errors(entering, entering.from_, f"spec.ingress[{i}]", "from")
    for i, leaving in enumerate(spec.egress or ()):
        yield from _rule_errors(leaving, leaving.to, f"spec.egress[{i}]", "to")
    types = spec.policyTypes or []
    if len(types) > len(TYPES):
        yield field_invalid("spec.policyTypes", types, "may not specify more than two policyTypes")
        return
    for i, name in enumerate(types):
        if name not in TYPES:
            yield field_not_supported(f"spec.policyTypes[{i}]", name, TYPES)


def _rule_errors(
    rule: Rule, peers: list[networking.NetworkPolicyPeer] | None, path: str, name: str
) -> Iterable[FieldError]:
    for i, port in enumerate(rule.ports or ()):
        yield from _port_errors(port, f"{path}.ports[{i}]")
    for i, peer in enumerate(peers or ()):
        yield from _peer_errors(peer, f"{path}.{name}[{i}]")


def _port_errors(port: networking.NetworkPolicyPort, path: str) -> Iterable[FieldError]:
    if port.protocol is not None and port.protocol not in PROTOCOLS:
        yield field_not_supported(f"{path}.protocol", port.protocol, PROTOCOLS)
    end, where = port.endPort, f"{path}.endPort"
    if port.port is not None:
        yield from port_or_name(port.port, f"{path}.port")
    if end is None:
        return
    if port.port is None:
        yield field_invalid(where, end, "may not be specified when `port` is not specified")
    elif isinstance(port.port, str):
        yield field_invalid(where, end, "may not be specified when `port` is non-numeric")
    else:
        if end < port.port:
            yield field_invalid(where, end, "must be greater than or equal to `port`")
        yield from (field_invalid(where, end, why) for why in port_number_errors(end))


def _peer_errors(peer: networking.NetworkPolicyPeer, path: str) -> Iterable[FieldError]:
    yield from label_selector_errors(peer.podSelector, f"{path}.podSelector")
    yield from label_selector_errors(peer.namespaceSelector, f"{path}.namespaceSelector")
    if peer.ipBlock is not None:
        yield from _block_errors(peer.ipBlock, f"{path}.ipBlock")
        if peer.podSelector is not None or peer.namespaceSelector is not None:
            yield field_forbidden(path, "may not specify both ipBlock and another peer")
    elif peer.podSelector is None and peer.namespaceSelector is None:
        yield field_required(path, "must specify a peer")


def _block_errors(block: networking.IPBlock, path: str) -> Iterable[FieldError]:
    if not block.cidr:
        yield field_required(f"{path}.cidr")
        return
    yield from cidr_errors(block.cidr, f"{path}.cidr")
    whole = network_of(block.cidr)
    for i, value in enumerate(block.except_ or () if whole is not None else ()):
        where = f"{path}.except[{i}]"
        yield from cidr_errors(value, where)
        part = network_of(value)
        if part is not None and whole is not None and not _is_strictly_in(part, whole):
            yield field_invalid(where, value, "must be a strict subset of `cidr`")


def _is_strictly_in(part: Network, whole: Network) -> bool:
    return part.version == whole.version and part.prefixlen > whole.prefixlen and part.network_address in whole


def _selector(policy: networking.NetworkPolicy, _now: datetime) -> str:
    return shown_selector(_spec(policy).podSelector)


NETWORK_POLICY = Kind(
    type=networking.NetworkPolicy,
    group="networking.k8s.io",
    version="v1",
    name="NetworkPolicy",
    plural="networkpolicies",
    singular="networkpolicy",
    namespaced=True,
    short_names=("netpol",),
    default=_default,
    validate=_validate,
    columns=(NAME, Column("Pod-Selector", _selector, description="The pods that it is for."), AGE),
    spec_changes_generation=True,
)
