"""The claims for devices that a pod brings along, and which of its containers use them.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validatePodResourceClaims``, ``validateContainerResourceClaims``).
"""

from collections.abc import Collection, Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_found, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named, required_name

__all__ = ["container_claim_errors", "pod_claim_errors"]


def pod_claim_errors(claims: list[core.PodResourceClaim], path: str) -> Iterable[FieldError]:
    """Check which claims for devices a pod brings along."""
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        where = f"{path}[{i}]"
        if claim.name and claim.name in seen:
            yield field_duplicate(f"{where}.name", claim.name)
        else:
            yield from required_name(dns_label_errors, claim.name, f"{where}.name")
        seen.add(claim.name)
        named_, templated = claim.resourceClaimName, claim.resourceClaimTemplateName
        if named_ is not None and templated is not None:
            why = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            yield field_invalid(where, claim, why)
        if named_ is None and templated is None:
            why = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            yield field_invalid(where, claim, why)
        yield from named(dns_subdomain_errors, named_, f"{where}.resourceClaimName")
        yield from named(dns_subdomain_errors, templated, f"{where}.resourceClaimTemplateName")


def container_claim_errors(
    claims: list[core.ResourceClaim], pod_claims: Collection[str], path: str
) -> Iterable[FieldError]:
    """Check that a container uses claims that its pod has, each once."""
    seen: set[tuple[str, str | None]] = set()
    for i, claim in enumerate(claims):
        if not claim.name:
            yield field_required(f"{path}[{i}]")
        elif (claim.name, claim.request) in seen or (claim.name, None) in seen:
            yield field_duplicate(f"{path}[{i}]", claim.name)
        elif claim.name not in pod_claims:
            yield field_not_found(f"{path}[{i}].name", claim.name)
        seen.add((claim.name, claim.request))
