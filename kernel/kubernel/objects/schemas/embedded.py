"""Whole resources inside an object (``x-kubernetes-embedded-resource``): their metadata is typed like anybody's.

Source: apiextensions-apiserver ``pkg/apiserver/schema/objectmeta``.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.metadata import metadata_errors
from kubernel.objects.models import meta
from kubernel.objects.rules.names import dns_service_label_errors, path_segment_errors
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.schema import Schema

__all__ = ["embedded_errors", "has_embedded", "kind_errors", "type_embedded"]


def has_embedded(schema: Schema | None) -> bool:
    """Whether somewhere inside a schema there is a resource."""
    if schema is None:
        return False
    if schema.is_embedded:
        return True
    return any(has_embedded(nested) for nested in (schema.item, schema.additional_schema, *schema.properties.values()))


def type_embedded(value: Any, schema: Schema | None, path: str = "") -> None:  # noqa: ANN401 - any JSON value
    """Check the types of every embedded head and drop what metadata does not have, in place.

    Raises:
        msgspec.ValidationError: A field has a wrong type.
    """
    for member, nested, where in _members(value, schema, path):
        type_embedded(member, nested, where)
    if schema is None or not schema.is_embedded or not isinstance(value, dict):
        return
    for name in ("apiVersion", "kind"):
        if name in value and not isinstance(value[name], str):
            raise msgspec.ValidationError(f"{child(path, name)}: must be a string")
    if "metadata" in value:
        try:
            metadata = msgspec.convert(value["metadata"] or {}, meta.ObjectMeta)
        except msgspec.ValidationError as error:
            raise msgspec.ValidationError(f"{child(path, 'metadata')}: {error}") from error
        value["metadata"] = msgspec.to_builtins(metadata)


def embedded_errors(value: Any, schema: Schema | None, path: str = "") -> Iterator[FieldError]:  # noqa: ANN401
    """Yield what is wrong with the heads of all embedded resources."""
    if schema is not None and schema.is_embedded and isinstance(value, dict):
        yield from _head_errors(value, path)
    for member, nested, where in _members(value, schema, path):
        yield from embedded_errors(member, nested, where)


def kind_errors(kind: str) -> list[str]:
    """Return what is wrong with the name of a kind."""
    errors = dns_service_label_errors(kind.lower())
    return ["may have mixed case, but should otherwise match: " + ",".join(errors)] if errors else []


def _members(value: Any, schema: Schema | None, path: str) -> Iterator[tuple[Any, Schema, str]]:  # noqa: ANN401
    if schema is None:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            if name in schema.properties:
                yield member, schema.properties[name], child(path, name)
            elif schema.additional_schema is not None:
                yield member, schema.additional_schema, key(path, name)
    elif isinstance(value, list) and schema.item is not None:
        for i, element in enumerate(value):
            yield element, schema.item, f"{path}[{i}]"


def _head_errors(value: dict[str, Any], path: str) -> Iterator[FieldError]:
    version, kind = value.get("apiVersion"), value.get("kind")
    for name, given in (("apiVersion", version), ("kind", kind)):
        if given is None:
            yield field_required(child(path, name))
        elif given == "":
            yield field_invalid(child(path, name), "", "must not be empty")
    if isinstance(version, str) and version.count("/") > 1:
        yield field_invalid(child(path, "apiVersion"), version, f"unexpected GroupVersion string: {version}")
    for why in kind_errors(kind) if isinstance(kind, str) and kind else ():
        yield field_invalid(child(path, "kind"), kind, why)
    if isinstance(value.get("metadata"), dict):
        metadata = msgspec.convert(value["metadata"], meta.ObjectMeta)
        metadata.name = metadata.name or "fakename"  # it need not have one
        for error in metadata_errors(metadata, path_segment_errors):
            yield FieldError(child(path, error.path), error.reason, error.detail)
