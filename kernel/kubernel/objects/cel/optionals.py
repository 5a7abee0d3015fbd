"""Values that may be missing: the results of some functions, and variables like ``oldSelf``.

The library's Python face can neither make an optional value nor declare its type. So such a function gives, and such a
variable is, a list of at most one value, whose type the checker does not know; and in the checked tree ``f(x)``
becomes ``f(x)[?0]``, which is that value, optional.
"""

from collections.abc import Collection

from kubernel.objects.cel.functions import FUNCTIONS
from kubernel.objects.cel.wire import Message, read, write

__all__ = ["with_optionals"]

_NAMES = frozenset(function.name for function in FUNCTIONS if function.is_optional)
_INDEX, _INDEX_OVERLOAD = "_[?_]", "list_optindex_optional_int"

# Field numbers of google.protobuf.Any, CheckedExpr, Reference, Expr and Expr.Call (source: cel-spec).
_ANY_VALUE = 2
_REFERENCES, _EXPR = 2, 4
_KEY, _VALUE = 1, 2
_OVERLOAD = 3
_ID, _CONST, _IDENT, _CALL = 2, 3, 4, 6
_NAME, _INT64 = 1, 3
_FUNCTION, _ARGUMENT = 2, 3
_FIRST_FREE = 1_000_000
_STRUCT = 8
_PARTS = {5: (1,), 6: (1, 3), 7: (1,), _STRUCT: (2,), 9: (2, 4, 5, 6, 7)}
"""Which fields of which kind of expression hold expressions; entries (8) hold them one level deeper."""


def with_optionals(checked: Message, variables: Collection[str] = ()) -> bytes:
    """Return the serialised tree with those calls and variables wrapped.

    Args:
        checked: The ``Any`` that the library serialises.
        variables: The variables that may be missing.
    """
    tree = read(checked.one(_ANY_VALUE))
    wrapper = _Wrapper(variables)
    fields = [(n, wrapper.expr(v) if n == _EXPR and isinstance(v, bytes) else v) for n, v in tree.fields]
    if not wrapper.references:
        return write(checked.fields)
    fields = [(_REFERENCES, reference) for reference in wrapper.references] + fields
    return write((n, write(fields) if n == _ANY_VALUE else v) for n, v in checked.fields)


class _Wrapper:
    """One pass over a tree; it collects what the new calls refer to."""

    def __init__(self, variables: Collection[str]) -> None:
        self._variables = variables
        self.references: list[bytes] = []

    def expr(self, data: bytes) -> bytes:
        """Return an expression with everything optional inside it wrapped, and itself if it is."""
        message = read(data)
        encoded = write((n, self._part(n, v) if isinstance(v, bytes) else v) for n, v in message.fields)
        if not self._is_optional(message):
            return encoded
        number = _FIRST_FREE + 2 * len(self.references)
        reference = write([(_OVERLOAD, _INDEX_OVERLOAD.encode())])
        self.references.append(write([(_KEY, number), (_VALUE, reference)]))
        zero = write([(_ID, number + 1), (_CONST, write([(_INT64, 0)]))])
        return write(
            [(_ID, number), (_CALL, write([(_FUNCTION, _INDEX.encode()), (_ARGUMENT, encoded), (_ARGUMENT, zero)]))]
        )

    def _is_optional(self, expr: Message) -> bool:
        if _CALL in expr:
            return read(expr.one(_CALL)).text(_FUNCTION) in _NAMES
        return _IDENT in expr and read(expr.one(_IDENT)).text(_NAME) in self._variables

    def _part(self, number: int, data: bytes) -> bytes:
        inner = _PARTS.get(number)
        if inner is None:
            return data
        within = self._entry if number == _STRUCT else self.expr
        return write((n, within(v) if n in inner and isinstance(v, bytes) else v) for n, v in read(data).fields)

    def _entry(self, data: bytes) -> bytes:
        return write((n, self.expr(v) if n in (3, 4) and isinstance(v, bytes) else v) for n, v in read(data).fields)
