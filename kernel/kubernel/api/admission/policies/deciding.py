"""One policy evaluated on one write: which of its checks fail, and with which words."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from kubernel.api.admission.policies.compiled import Check, Policy
from kubernel.api.admission.variables import Asking
from kubernel.objects.cel import CostExceeded, EvaluationFailed, Expression
from kubernel.objects.models import Plain

__all__ = ["Failure", "decide"]

_MESSAGE_MAX_BYTES = 5 * 1024
"""As in Kubernetes: a longer message that an expression makes is not used."""

_PORTION_S = 0.005
"""How long checks are evaluated before other requests get a turn."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed check: what to say, and the reason of the refusal."""

    message: str
    reason: str


async def decide(policy: Policy, asking: Asking, params: Plain | None) -> list[Failure]:
    """Evaluate a policy.

    Args:
        policy: The policy.
        asking: The write.
        params: Its parameters.

    Returns:
        Every failed check; an expression without a value fails unless the policy ignores failures.
    """
    extra: dict[str, Any] = {} if policy.param_kind is None else {"params": params}
    try:
        if not policy.conditions.are_met(asking, extra):
            return []
    except EvaluationFailed as error:
        return _failed(policy, error)
    own = _Variables(policy.variables, asking, extra)
    failures: list[Failure] = []
    began = perf_counter()
    for check in policy.checks:
        failures += _outcome(policy, check, own)
        if perf_counter() - began > _PORTION_S:
            await asyncio.sleep(0)
            began = perf_counter()
    for _, expression in policy.annotations:
        # There is no audit log, but an annotation without a value refuses the write as in Kubernetes.
        failures += _annotation(policy, expression, own)
    return failures


def _failed(policy: Policy, error: EvaluationFailed) -> list[Failure]:
    return [] if policy.may_fail else [Failure(str(error), "Invalid")]


def _outcome(policy: Policy, check: Check, own: "_Variables") -> list[Failure]:
    try:
        if own.evaluate(check.expression) is True:
            return []
    except EvaluationFailed as error:
        return _failed(policy, error)
    try:
        message = _made_message(check, own)
    except CostExceeded as error:
        return _failed(policy, EvaluationFailed(f"failed messageExpression: {error}"))
    return [Failure(message or check.message or f"failed expression: {check.expression.text.strip()}", check.reason)]


def _made_message(check: Check, own: "_Variables") -> str:
    """Return what the message expression says, if that is one line of text of a sensible length."""
    if check.message_expression is None:
        return ""
    try:
        made = own.evaluate(check.message_expression)
    except CostExceeded:
        raise
    except EvaluationFailed:
        return ""
    message = made.strip() if isinstance(made, str) else ""
    return "" if "\n" in message or len(message.encode()) > _MESSAGE_MAX_BYTES else message


def _annotation(policy: Policy, expression: Expression, own: "_Variables") -> list[Failure]:
    try:
        value = own.evaluate(expression)
    except EvaluationFailed as error:
        return _failed(policy, error)
    if value is None or isinstance(value, str):
        return []
    why = (
        f"valueExpression '{expression.text}' resulted in unsupported return type. Return type must be string or null."
    )
    return _failed(policy, EvaluationFailed(why))


class _Variables:
    """A policy's own variables: each evaluated when an expression first uses it, and once."""

    def __init__(self, variables: Mapping[str, Expression], asking: Asking, extra: Mapping[str, Any]) -> None:
        self._expressions = variables
        self._asking = asking
        self._extra = extra
        self._values: dict[str, Any] = {}
        self._failures: dict[str, EvaluationFailed] = {}

    def evaluate(self, expression: Expression) -> Any:  # noqa: ANN401 - any value of the language
        """Return an expression's value.

        Raises:
            EvaluationFailed: It has none, perhaps because a variable has none.
        """
        used = [name for name in expression.fields_of("variables") if name in self._expressions]
        for name in used:
            self._compute(name)
        values = {name: self._values[name] for name in used if name in self._values}
        try:
            return self._asking.evaluate(expression, {**self._extra, "variables": values})
        except EvaluationFailed:
            for failure in self._relevant_failures(used):
                raise failure from None
            raise

    def _relevant_failures(self, used: list[str]) -> Iterator[EvaluationFailed]:
        yield from (self._failures[name] for name in used if name in self._failures)

    def _compute(self, name: str) -> None:
        if name in self._values or name in self._failures:
            return
        # A variable can only use those before it, so this ends; one that uses itself finds this and fails.
        self._failures[name] = EvaluationFailed(f'composited variable "{name}" refers to itself')
        try:
            value = self.evaluate(self._expressions[name])
        except EvaluationFailed as error:
            self._failures[name] = EvaluationFailed(f'composited variable "{name}" fails to evaluate: {error}')
        else:
            del self._failures[name]
            self._values[name] = value
