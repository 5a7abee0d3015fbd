"""The kinds that a definition serves: one for each served version, like any other kind.

They are a function of the stored definition alone, its status included: every API server that has read the same log
serves the same kinds. Objects are stored in one version; the others are views of it (`views`).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import msgspec
from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.columns import columns_of, text_of
from kubernel.objects.custom.custom_object import CustomObject, custom_type
from kubernel.objects.custom.definition import Definition, is_true, storage_version
from kubernel.objects.custom.deprecation import deprecation_of
from kubernel.objects.custom.scaling import scale_errors, scale_of
from kubernel.objects.custom.shape import Shape
from kubernel.objects.custom.views import Convert, Converted, Renamed, reread
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import VERBS, Kind
from kubernel.objects.models import Plain
from kubernel.objects.schemas.json_paths import BadPath, parse_path
from kubernel.objects.schemas.schema import Schema, read_schema
from kubernel.objects.warnings import finalizer_warnings

__all__ = ["kinds_of"]

Version = apiextensions.CustomResourceDefinitionVersion
_EVERYTHING = Schema(type="object", preserves_unknown=True)
"""What a version without a schema takes; such definitions are refused, so this is for what older servers stored."""


def kinds_of(definition: Definition, convert: Convert) -> list[Kind[CustomObject]]:
    """Return the kinds that a definition serves now; none until it is established.

    Args:
        definition: As it is stored.
        convert: Asks the webhook of this definition, where it has one.
    """
    if not is_true(definition, "Established"):
        return []
    kinds = {version.name: _kind(definition, version) for version in definition.spec.versions}
    stored = kinds[storage_version(definition)]
    conversion, served = definition.spec.conversion, [v.name for v in definition.spec.versions if v.served]
    if conversion is not None and conversion.strategy == "Webhook" and len(kinds) > 1:
        raw = _raw(stored, kinds.values())
        return [replace(kinds[name], view=Converted(raw, kinds[name], stored, convert)) for name in served]
    stored = replace(stored, selectable=_all_selectable(kinds.values()), reread=partial(reread, stored))
    return [
        stored if name == stored.version else replace(kinds[name], view=Renamed(stored, kinds[name])) for name in served
    ]


def _raw(stored: Kind[CustomObject], kinds: Iterable[Kind[CustomObject]]) -> Kind[CustomObject]:
    """Return the kind of what the log holds where a webhook converts: any version, as it was stored."""
    of_type = custom_type(stored.api_version, stored.name, Shape(_EVERYTHING))
    return replace(stored, type=of_type, selectable=_all_selectable(kinds), schema=None)


def _all_selectable(kinds: Iterable[Kind[CustomObject]]) -> dict[str, Callable[[CustomObject], str]]:
    """Return the selectable fields of every version: selectors are asked of what is stored."""
    return {path: read for kind in kinds for path, read in kind.selectable.items()}


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
        list_name=names.listKind or "",
        default=lambda obj: shape.default(obj.content),
        prepare_create=_without_status if has_status else _as_it_is,
        validate=partial(_errors, shape, paths),
        validate_changed=partial(_changed_errors, shape, paths),
        warnings=finalizer_warnings,
        columns=columns_of(version.additionalPrinterColumns),
        selectable=_selectable(version),
        has_status=has_status,
        counted_fields=("wanted" if has_status else "content",),
        scale=scale_of(paths) if paths else None,
        verbs=tuple(verb for verb in VERBS if verb != "create") if is_true(definition, "Terminating") else VERBS,
        schema=published,
        deprecation=deprecation_of(definition, version),
    )


def _shape(version: Version) -> tuple[Plain, Shape]:
    given = version.schema.openAPIV3Schema if version.schema else None
    if given is None:
        return {"type": "object", "x-kubernetes-preserve-unknown-fields": True}, Shape(_EVERYTHING)
    schema, _errors = read_schema(given, "")
    published: Plain = msgspec.json.decode(msgspec.json.encode(given))
    return published, Shape(schema or _EVERYTHING)


_ScalePaths = apiextensions.CustomResourceSubresourceScale | None


def _errors(shape: Shape, paths: _ScalePaths, obj: CustomObject) -> Iterable[FieldError]:
    yield from shape.errors(obj.plain())
    if paths is not None:
        yield from scale_errors(obj.content, paths)


def _changed_errors(shape: Shape, paths: _ScalePaths, new: CustomObject, old: CustomObject) -> Iterable[FieldError]:
    yield from shape.errors(new.plain(), old.plain())
    if paths is not None:
        yield from scale_errors(new.content, paths)


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
