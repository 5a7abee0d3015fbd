"""All policies that are in force, asked about one write."""

from collections.abc import Sequence

from kubernel.api.admission.policies.compiled import Binding, Policy
from kubernel.api.admission.policies.deciding import Failure, decide
from kubernel.api.admission.policies.parameters import Misconfigured, parameters_for
from kubernel.api.admission.review import Review
from kubernel.api.admission.variables import Asking
from kubernel.objects.errors import Cause, StatusError, forbidden
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import Hooks

__all__ = ["judge"]

_CODES = {"Unauthorized": 401, "Forbidden": 403, "RequestEntityTooLarge": 413, "Invalid": 422}


async def judge(policies: Sequence[Policy], bindings: Sequence[Binding], review: Review, hooks: Hooks) -> None:
    """Ask every policy that a binding puts in force; warnings go to the client.

    Raises:
        StatusError: A policy denies the write; the first one's words and reason.
    """
    denials: list[tuple[str, str]] = []
    for policy in policies:
        in_force = [binding for binding in bindings if binding.policy == policy.name]
        kind = policy.matching.kind_for(review) if in_force else None
        if kind is None:
            continue
        if policy.problem:
            if not policy.may_fail:
                message = f"failed to configure policy: {policy.problem}"
                denials.append((f"ValidatingAdmissionPolicy '{policy.name}' denied request: {message}", "Invalid"))
            continue
        asking = await Asking.about(review, kind, hooks)
        for binding in in_force:
            denials += await _bound(policy, binding, review, asking)
    if denials:
        raise _denied(review, review.kind, *denials[0])


async def _bound(policy: Policy, binding: Binding, review: Review, asking: Asking) -> list[tuple[str, str]]:
    if binding.matching.kind_for(review) is None:
        return []
    subject = f"ValidatingAdmissionPolicy '{policy.name}' with binding '{binding.name}'"
    try:
        parameters = parameters_for(policy, binding, review)
    except Misconfigured as error:
        if policy.may_fail:
            return []
        return [(f"{subject} denied request: failed to configure binding: {error}", "Invalid")]
    failures: list[Failure] = []
    for params in parameters:
        failures += await decide(policy, asking, params)
    if "Warn" in binding.actions:
        review.request.warnings.extend(f"Validation failed for {subject}: {f.message}" for f in failures)
    if "Deny" not in binding.actions:
        return []
    return [(f"{subject} denied request: {failure.message}", failure.reason) for failure in failures]


def _denied(review: Review, kind: AnyKind, message: str, reason: str) -> StatusError:
    refusal = forbidden(kind.plural, review.name, message, kind.group)
    return StatusError(
        _CODES.get(reason, 422),
        reason,
        refusal.message,
        name=refusal.name,
        group=refusal.group,
        kind=refusal.kind,
        causes=[Cause("", message)],
    )
