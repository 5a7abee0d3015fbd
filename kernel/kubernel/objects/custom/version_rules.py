"""The rules of one version of a definition: its schema, subresources, columns and selectable fields."""

from collections.abc import Iterator

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_required,
    field_too_many,
)
from kubernel.objects.rules.names import dns_service_label_errors
from kubernel.objects.schemas.allowed.defaults import default_errors
from kubernel.objects.schemas.allowed.expressions import expression_errors
from kubernel.objects.schemas.allowed.standard import standard_errors
from kubernel.objects.schemas.allowed.structure import structure_errors
from kubernel.objects.schemas.field_paths import BadFieldPath, resolve
from kubernel.objects.schemas.schema import Schema, read_schema

__all__ = ["version_errors"]

Version = apiextensions.CustomResourceDefinitionVersion

_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
_COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_SELECTABLE = ("string", "boolean", "integer")
_MOST_SELECTABLE = 8
_LONGEST_WARNING = 256
_AT_ROOT = frozenset(
    {
        "description",
        "type",
        "format",
        "title",
        "maximum",
        "exclusive_maximum",
        "minimum",
        "exclusive_minimum",
        "max_length",
        "min_length",
        "pattern",
        "max_items",
        "min_items",
        "unique_items",
        "multiple_of",
        "required",
        "items",
        "properties",
        "external_docs",
        "example",
        "preserves_unknown",
        "rules",
    }
)
_AT_ROOT_WORDS = (
    "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern "
    "MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields "
    "XValidations]"
)


def version_errors(version: Version, path: str) -> Iterator[FieldError]:
    """Yield every broken rule of a version."""
    if errors := dns_service_label_errors(version.name):
        yield field_invalid(f"{path}.name", version.name, ",".join(errors))
    yield from _deprecation_errors(version, f"{path}.deprecationWarning")
    given = version.schema.openAPIV3Schema if version.schema else None
    where = f"{path}.schema.openAPIV3Schema"
    schema = None
    if given is None:
        yield field_required(where)
    else:
        schema, unreadable = read_schema(given, where)
        yield from unreadable
    if schema is not None:
        has_status = version.subresources is not None and version.subresources.status is not None
        yield from _schema_errors(schema, where, has_status=has_status)
    if version.subresources and version.subresources.scale:
        yield from _scale_errors(version.subresources.scale, f"{path}.subresources.scale")
    for i, column in enumerate(version.additionalPrinterColumns or ()):
        yield from _column_errors(column, f"{path}.additionalPrinterColumns[{i}]")
    if version.selectableFields:
        yield from _selectable_errors(version, schema or Schema(), f"{path}.selectableFields")


def _schema_errors(schema: Schema, path: str, *, has_status: bool) -> Iterator[FieldError]:
    if has_status:
        yield from _root_errors(schema, path)
    errors = structure_errors(schema, path)
    if not errors:
        errors = list(default_errors(schema, path))
    errors += standard_errors(schema, path)
    yield from errors or expression_errors(schema, path)


def _root_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    """Check that what is said at the root can be said of the status alone, which is validated by itself."""
    if schema.type and schema.type != "object":
        why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
        yield field_invalid(f"{path}.type", schema.type, why)
    empty = Schema()
    used = [name for name in schema.__struct_fields__ if getattr(schema, name) != getattr(empty, name)]
    if any(name not in _AT_ROOT for name in used):
        why = f"only {_AT_ROOT_WORDS} fields are allowed at the root of the schema if the status subresource is enabled"
        yield field_invalid(path, "", why)


def _deprecation_errors(version: Version, path: str) -> Iterator[FieldError]:
    warning = version.deprecationWarning
    if warning is None:
        return
    if not version.deprecated:
        yield field_invalid(path, warning, "can only be set for deprecated versions")
    if len(warning.encode()) > _LONGEST_WARNING:
        yield field_invalid(path, warning, f"must be <= {_LONGEST_WARNING} characters long")
    if not warning:
        yield field_invalid(path, warning, "must not be an empty string")
    index = next((i for i, character in enumerate(warning) if not character.isprintable()), None)
    if index is not None:
        why = f"must only contain printable UTF-8 characters; non-printable character found at index {index}"
        yield field_invalid(path, warning, why)


def _simple_path_errors(text: str, path: str, roots: tuple[str, ...], where: str) -> Iterator[FieldError]:
    if not text.startswith("."):
        yield field_invalid(path, text, "must be a simple json path starting with .")
    elif not text.startswith(roots):
        yield field_invalid(path, text, f"should be a json path under {where}")


def _scale_errors(scale: apiextensions.CustomResourceSubresourceScale, path: str) -> Iterator[FieldError]:
    for name, root in (("specReplicasPath", ".spec"), ("statusReplicasPath", ".status")):
        text = getattr(scale, name)
        if not text:
            yield field_required(f"{path}.{name}")
        else:
            yield from _simple_path_errors(text, f"{path}.{name}", (f"{root}.",), root)
    if text := scale.labelSelectorPath:
        roots = (".spec.", ".status.")
        yield from _simple_path_errors(text, f"{path}.labelSelectorPath", roots, "either .spec or .status")


def _column_errors(column: apiextensions.CustomResourceColumnDefinition, path: str) -> Iterator[FieldError]:
    if not column.name:
        yield field_required(f"{path}.name")
    why = f"must be one of {','.join(_COLUMN_TYPES)}"
    if not column.type:
        yield field_required(f"{path}.type", why)
    elif column.type not in _COLUMN_TYPES:
        yield field_invalid(f"{path}.type", column.type, why)
    if column.format and column.format not in _COLUMN_FORMATS:
        yield field_invalid(f"{path}.format", column.format, f"must be one of {','.join(_COLUMN_FORMATS)}")
    if not column.jsonPath:
        yield field_required(f"{path}.jsonPath")
    elif not column.jsonPath.startswith("."):
        yield field_invalid(f"{path}.jsonPath", column.jsonPath, "must be a simple json path starting with .")


def _selectable_errors(version: Version, schema: Schema, path: str) -> Iterator[FieldError]:
    seen: set[str] = set()
    for i, field in enumerate(version.selectableFields or ()):
        where = f"{path}[{i}].jsonPath"
        if not field.jsonPath:
            yield field_required(where)
            continue
        try:
            found, selected = resolve(field.jsonPath, schema, allows_brackets=False)
        except BadFieldPath as error:
            yield field_invalid(where, field.jsonPath, f"is an invalid path: {error}")
            continue
        if found.partition(".")[0] == "metadata":
            yield field_invalid(where, field.jsonPath, "must not point to fields in metadata")
        if selected is None or selected.type not in _SELECTABLE:
            why = (
                "must point to a field of type string, boolean or integer. Enum string fields and strings with formats "
                "are allowed."
            )
            yield field_invalid(where, field.jsonPath, why)
        if found in seen:
            yield field_duplicate(where, field.jsonPath)
        seen.add(found)
    if len(seen) > _MOST_SELECTABLE:
        yield field_too_many(path, len(seen), _MOST_SELECTABLE)
