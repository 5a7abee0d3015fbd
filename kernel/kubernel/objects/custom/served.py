"""The kinds that a definition serves: one for each served version, like any other kind.

They are a function of the stored definition alone, its status included: every API server that has read the same log
serves the same kinds.
"""

from collections.abc import Callable, Iterable
from functools import partial

import msgspec
from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.columns import columns_of, text_of
from kubernel.objects.custom.custom_object import CustomObject, custom_type
from kubernel.objects.custom.definition import Definition, is_true
from kubernel.objects.custom.scaling import scale_errors, scale_of
from kubernel.objects.custom.shape import Shape
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import VERBS, Kind
from kubernel.objects.models import Plain
from kubernel.objects.schemas.json_paths import BadPath, parse_path
from kubernel.objects.schemas.schema import Schema, read_schema

__all__ = ["kinds_of"]

Version = apiextensions.CustomResourceDefinitionVersion
_EVERYTHING = Schema(type="object", preserves_unknown=True)
"""What a version without a schema takes; such definitions are refused, so this is for what older servers stored."""


def kinds_of(definition: Definition) -> list[Kind[CustomObject]]:
    """Return the kinds that a definition serves now; none until it is established."""
    if not is_true(definition, "Established"):
        return []
    return [_kind(definition, version) for version in definition.spec.versions if version.served]


def _kind(definition: Definition, version: Version) -> Kind[CustomObject]:
    assert definition.status is not None, "it is established"
    names, group = definition.status.acceptedNames or definition.spec.names, definition.spec.group
    published, shape = _shape(version)
    sub = version.subresources
    has_status, paths = sub is not None and sub.status is not None, sub.scale if sub else None
    return Kind(
        type=custom_type(f"{group}/{version.name}", names.kind, shape),
        group=group,
        version=version.name,
        name=names.kind,
        plural=names.plural,
        singular=names.singular or "",
        namespaced=definition.spec.scope == "Namespaced",
        short_names=tuple(names.shortNames or ()),
        categories=tuple(names.categories or ()),
        default=lambda obj: shape.default(obj.content),
        prepare_create=_without_status if has_status else _as_it_is,
        validate=partial(_errors, shape, paths),
        columns=columns_of(version.additionalPrinterColumns),
        selectable=_selectable(version),
        has_status=has_status,
        counted_fields=("wanted" if has_status else "content",),
        scale=scale_of(paths) if paths else None,
        verbs=tuple(verb for verb in VERBS if verb != "create") if is_true(definition, "Terminating") else VERBS,
        schema=published,
    )


def _shape(version: Version) -> tuple[Plain, Shape]:
    given = version.schema.openAPIV3Schema if version.schema else None
    if given is None:
        return {"type": "object", "x-kubernetes-preserve-unknown-fields": True}, Shape(_EVERYTHING)
    schema, _errors = read_schema(given, "")
    published: Plain = msgspec.json.decode(msgspec.json.encode(given))
    return published, Shape(schema or _EVERYTHING)


def _errors(
    shape: Shape, paths: apiextensions.CustomResourceSubresourceScale | None, obj: CustomObject
) -> Iterable[FieldError]:
    yield from shape.errors(obj.plain())
    if paths is not None:
        yield from scale_errors(obj.content, paths)


def _as_it_is(_obj: CustomObject) -> None:
    return None


def _without_status(obj: CustomObject) -> None:
    obj.status = None


def _selectable(version: Version) -> dict[str, Callable[[CustomObject], str]]:
    return {field.jsonPath.removeprefix("."): _reader(field.jsonPath) for field in version.selectableFields or ()}


def _reader(text: str) -> Callable[[CustomObject], str]:
    try:
        path = parse_path(text)
    except BadPath:
        return lambda _obj: ""

    def read(obj: CustomObject) -> str:
        value = path.first(obj.content)
        return "" if value is None else text_of(value)

    return read
