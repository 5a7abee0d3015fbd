"""Match conditions: expressions that must all be true for a webhook or policy to be asked at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kubernel.api.admission.variables import Asking
from kubernel.objects.cel import EvaluationFailed, Expression, ExpressionInvalid, compile_expression
from kubernel.objects.models import admissionregistration

__all__ = ["Conditions"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Compiled match conditions.

    Attributes:
        expressions: Name and expression, in order.
        problem: Why they cannot be evaluated at all; empty when they can.
    """

    expressions: Sequence[tuple[str, Expression]]
    problem: str = ""

    @classmethod
    def of(
        cls, conditions: Sequence[admissionregistration.MatchCondition] | None, variables: Mapping[str, str]
    ) -> "Conditions":
        """Compile conditions as an object has them."""
        try:
            return cls([(c.name, compile_expression(c.expression, variables, "bool")) for c in conditions or ()])
        except ExpressionInvalid as error:
            return cls((), str(error))

    def are_met(self, asking: Asking, extra: Mapping[str, Any] | None = None) -> bool:
        """Whether all of them hold; one that does not hold decides, even when another has failed.

        Raises:
            EvaluationFailed: None is false and one has no value.
        """
        if self.problem:
            raise EvaluationFailed(self.problem)
        failure: EvaluationFailed | None = None
        for name, expression in self.expressions:
            try:
                value = asking.evaluate(expression, extra)
            except EvaluationFailed as error:
                failure = failure or EvaluationFailed(f"failed to evaluate match condition '{name}': {error}")
                continue
            if value is not True:
                return False
        if failure is not None:
            raise failure
        return True
