"""The shape of one version of a custom kind: everything that its schema does to an object."""

from collections.abc import Iterator

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.models import Plain
from kubernel.objects.schemas.correlation import ABSENT
from kubernel.objects.schemas.defaulting import fill_in, has_defaults
from kubernel.objects.schemas.embedded import embedded_errors, has_embedded, type_embedded
from kubernel.objects.schemas.expressions.evaluation import Rules, blocks, has_rules
from kubernel.objects.schemas.list_types import list_type_errors
from kubernel.objects.schemas.pruning import pruned, unknown_fields
from kubernel.objects.schemas.schema import Schema
from kubernel.objects.schemas.validating.validator import Validator

__all__ = ["Shape"]

_NOT_ASKED = (
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete "
    "validation"
)


class Shape:
    """A schema with what is compiled from it; made once a version, used by every request."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._validator = Validator(schema)
        self._has_defaults = has_defaults(schema)
        self._has_embedded = has_embedded(schema)
        self._rules = Rules(schema, is_resource=True) if has_rules(schema) else None

    def complete(self, content: Plain) -> Plain:
        """Return a copy of an object's content without unknown fields and with the defaults.

        Raises:
            msgspec.ValidationError: The head of an embedded resource has a wrong type.
        """
        copy: Plain = pruned(content, self.schema)
        fill_in(copy, self.schema)
        if self._has_embedded:
            type_embedded(copy, self.schema)
        return copy

    def default(self, content: Plain) -> None:
        """Fill in the defaults again, in place, after somebody has changed the object."""
        if self._has_defaults:
            fill_in(content, self.schema)

    def unknown(self, content: Plain) -> list[str]:
        """Return the paths of the fields that `complete` drops."""
        return unknown_fields(content, self.schema)

    def errors(self, new: Plain, old: Plain | None = None) -> Iterator[FieldError]:
        """Yield everything that is wrong with a whole object, its head in plain form included.

        Args:
            new: The object.
            old: What it replaces; what was wrong before and did not change is not said.
        """
        errors = list(self._schema_errors(new, old))
        yield from errors
        if self._rules is None:
            return
        if blocks(errors):
            yield field_invalid("<nil>", None, _NOT_ASKED)
        else:
            yield from self._rules.errors(new, ABSENT if old is None else old)

    def _schema_errors(self, new: Plain, old: Plain | None) -> Iterator[FieldError]:
        yield from self._validator.errors(new, old=ABSENT if old is None else old)
        if self._has_embedded:
            yield from embedded_errors(new, self.schema)
        if old is None or next(list_type_errors(old, self.schema), None) is None:
            yield from list_type_errors(new, self.schema)
