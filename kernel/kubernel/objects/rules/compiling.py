"""The expressions of one object: they must compile, and compiling them must not take long.

The language itself is `kubernel.objects.cel`.
"""

from collections.abc import Iterable, Mapping

from kubernel.objects.errors import FieldError, field_invalid

__all__ = ["Compiling"]

COMPILED_MAX, EACH_COSTS = 32 * 1024, 256
"""Characters of one object's expressions that are compiled when it is written, and what the shortest one counts as.

Together they take some 50 ms, for which the server does nothing else. What comes after them is found wrong, if it is,
when it is to be evaluated.
"""


class Compiling:
    """Compiles the expressions of one object.

    Args:
        names: What they can name, each with its type.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._left = COMPILED_MAX
        self._names = names

    def errors(self, text: str, path: str, returns: str = "") -> Iterable[FieldError]:
        """Check that an expression compiles and gives what it must.

        Args:
            text: The expression, not empty.
            path: Where it is.
            returns: The type that it must give; empty for any.
        """
        # The CEL library takes a third of a second to load; a server without expressions does without.
        from kubernel.objects.cel import ExpressionInvalid, compile_expression  # noqa: PLC0415

        self._left -= max(len(text), EACH_COSTS)
        if self._left < 0:
            return
        try:
            compile_expression(text, self._names, returns)
        except ExpressionInvalid as error:
            yield field_invalid(path, text, str(error))
