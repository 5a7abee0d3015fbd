"""How many requests of a level run at once, and how the others wait.

Source: Kubernetes' ``pkg/apis/flowcontrol/validation``, ``…/v1/defaults.go``.
"""

from collections.abc import Iterable
from math import ceil, log2

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import flowcontrol

__all__ = ["EXEMPT", "default_level", "level_errors"]

EXEMPT, LIMITED = "Exempt", "Limited"
QUEUE, REJECT = "Queue", "Reject"
SHARES, HAND_SIZE, QUEUES, QUEUE_LENGTH = 30, 8, 64, 50
QUEUES_MAX, HASH_BITS_MAX = 10_000_000, 60
PERCENT_MAX = 100
_EXEMPT_NAME = "exempt"


def default_level(spec: flowcontrol.PriorityLevelConfigurationSpec) -> None:
    """Fill in what a level leaves out, in place."""
    if (exempt := spec.exempt) is not None:
        exempt.nominalConcurrencyShares = exempt.nominalConcurrencyShares or 0
        exempt.lendablePercent = exempt.lendablePercent or 0
    if (limited := spec.limited) is None:
        return
    shares = limited.nominalConcurrencyShares
    limited.nominalConcurrencyShares = SHARES if shares is None else shares
    limited.lendablePercent = limited.lendablePercent or 0
    if (queuing := limited.limitResponse.queuing) is not None:
        queuing.handSize = queuing.handSize or HAND_SIZE
        queuing.queues = queuing.queues or QUEUES
        queuing.queueLengthLimit = queuing.queueLengthLimit or QUEUE_LENGTH


def level_errors(spec: flowcontrol.PriorityLevelConfigurationSpec, name: str) -> Iterable[FieldError]:
    """Check a level with defaults filled in; ``name`` is the object's."""
    if (name == _EXEMPT_NAME) is not (spec.type == EXEMPT):
        yield field_invalid("spec.type", spec.type, "type must be 'Exempt' if and only if name is 'exempt'")
    if spec.type == EXEMPT:
        if spec.limited is not None:
            yield field_forbidden("spec.limited", "must be nil if the type is not Limited")
        if spec.exempt is not None:
            yield from _share_errors(spec.exempt, "spec.exempt")
    elif spec.type == LIMITED:
        if spec.exempt is not None:
            yield field_forbidden("spec.exempt", "must be nil if the type is Limited")
        if spec.limited is None:
            yield field_required("spec.limited", "must not be empty when type is Limited")
        else:
            yield from _limit_errors(spec.limited, "spec.limited")
    else:
        yield field_not_supported("spec.type", spec.type, (EXEMPT, LIMITED))


def _share_errors(
    level: flowcontrol.ExemptPriorityLevelConfiguration | flowcontrol.LimitedPriorityLevelConfiguration, path: str
) -> Iterable[FieldError]:
    shares, percent = level.nominalConcurrencyShares or 0, level.lendablePercent or 0
    if shares < 0:
        yield field_invalid(f"{path}.nominalConcurrencyShares", shares, "must be a non-negative integer")
    if not 0 <= percent <= PERCENT_MAX:
        yield field_invalid(f"{path}.lendablePercent", percent, "must be between 0 and 100, inclusive")


def _limit_errors(limited: flowcontrol.LimitedPriorityLevelConfiguration, path: str) -> Iterable[FieldError]:
    yield from _share_errors(limited, path)
    borrowed = limited.borrowingLimitPercent
    if borrowed is not None and borrowed < 0:
        why = "if specified, must be a non-negative integer"
        yield field_invalid(f"{path}.borrowingLimitPercent", borrowed, why)
    response, where = limited.limitResponse, f"{path}.limitResponse"
    if response.type not in {QUEUE, REJECT}:
        yield field_not_supported(f"{where}.type", response.type, (QUEUE, REJECT))
    elif response.type == REJECT:
        if response.queuing is not None:
            why = "must be nil if limited.limitResponse.type is not Limited"
            yield field_forbidden(f"{where}.queuing", why)
    elif response.queuing is None:
        why = "must not be empty if limited.limitResponse.type is Limited"
        yield field_required(f"{where}.queuing", why)
    else:
        yield from _queue_errors(response.queuing, f"{where}.queuing")


def _queue_errors(queuing: flowcontrol.QueuingConfiguration, path: str) -> Iterable[FieldError]:
    length, queues, hand = queuing.queueLengthLimit or 0, queuing.queues or 0, queuing.handSize or 0
    if length <= 0:
        yield field_invalid(f"{path}.queueLengthLimit", length, "must be positive")
    if queues <= 0:
        yield field_invalid(f"{path}.queues", queues, "must be positive")
    elif queues > QUEUES_MAX:
        yield field_invalid(f"{path}.queues", queues, f"must not be greater than {QUEUES_MAX}")
    if hand <= 0:
        yield field_invalid(f"{path}.handSize", hand, "must be positive")
    elif hand > queues:
        yield field_invalid(f"{path}.handSize", hand, f"should not be greater than queues ({queues})")
    elif ceil(log2(queues) * hand) > HASH_BITS_MAX:
        why = (
            f"required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {HASH_BITS_MAX}"
        )
        yield field_invalid(f"{path}.handSize", hand, why)
