"""CEL, the language of rules inside objects: compiled once, evaluated within bounds, in Kubernetes' words.

`expressions` is the face: compile, evaluate, and what can go wrong. `engine`, `overloads`, `optionals` and `library`
are the one home of the library, `functions` is what Kubernetes adds to the language, `tree` and `cost` what is known of
an expression before it is evaluated (decision 0057).
"""

from kubernel.objects.cel.engine import OPTIONAL
from kubernel.objects.cel.expressions import (
    CostExceeded,
    EvaluationFailed,
    Expression,
    ExpressionInvalid,
    compile_expression,
)
from kubernel.objects.cel.functions.authorization import (
    AUTHORIZER,
    RESOURCE_CHECK,
    Asked,
    Authorize,
    request_resource,
)

__all__ = [
    "AUTHORIZER",
    "OPTIONAL",
    "RESOURCE_CHECK",
    "Asked",
    "Authorize",
    "CostExceeded",
    "EvaluationFailed",
    "Expression",
    "ExpressionInvalid",
    "compile_expression",
    "request_resource",
]
