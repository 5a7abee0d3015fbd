"""Whatever fits a kind's type is accepted or refused as a client's mistake: never a crash, never half a change."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.fields import selectable_fields
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.lifecycle import prepare_changed, prepare_new
from kubernel.objects.models import Plain, meta_of
from kubernel.objects.tables import table

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
TEXTS = st.sampled_from(["", "a", "web", "Bad Name", "1Gi", "Always", "ClientIP", "127.0.0.1", "a/b/c", "=", "None"])
MAP_VALUES = TEXTS | st.none() | st.booleans() | st.integers(-3, 3) | st.lists(TEXTS, max_size=1)
UNTYPED = st.dictionaries(TEXTS, MAP_VALUES, max_size=2)
DEPTH = 9


def value_of(annotation: Any, depth: int) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return st.one_of([value_of(argument, depth) for argument in arguments if argument is not type(None)])
    if origin is list:
        return st.lists(value_of(arguments[0], depth), max_size=2) if arguments else st.just([])
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return st.deferred(lambda: plain_of(annotation, depth - 1))
    scalars: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS,
        int: st.sampled_from([-1, 0, 1, 80, 70000]),
        bool: st.booleans(),
        float: st.just(1.5),
        datetime: st.just("2026-11-23T11:00:00Z"),
    }
    return scalars.get(annotation, UNTYPED)


def plain_of(struct: type, depth: int = DEPTH) -> st.SearchStrategy[Plain]:
    """Draw a plain object of a Struct: what is required, and a few of the optional fields."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    required = {name: value_of(field.type, depth) for name, field in fields.items() if field.required}
    optional = [name for name in fields if name not in required]
    if depth <= 0 or not optional:
        return st.fixed_dictionaries(required)

    def draw(chosen: list[str]) -> st.SearchStrategy[Plain]:
        return st.fixed_dictionaries({**required, **{name: value_of(fields[name].type, depth) for name in chosen}})

    return st.lists(st.sampled_from(optional), max_size=4, unique=True).flatmap(draw)


def outcome(act: Callable[[], None]) -> int:
    try:
        act()
    except StatusError as error:
        return error.code
    return 200


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.resource)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_object_that_fits_its_type_is_accepted_or_refused(kind: Kind[Any], data: st.DataObject) -> None:
    obj = msgspec.convert(data.draw(plain_of(kind.type)), kind.type)

    code = outcome(lambda: prepare_new(kind, obj, namespace="default", now=NOW))

    assert code in {200, 400, 422}


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.resource)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), subresource=st.sampled_from([None, "status"]))
def test_any_update_of_any_object_is_accepted_or_refused(
    kind: Kind[Any], data: st.DataObject, subresource: str | None
) -> None:
    old, new = (msgspec.convert(data.draw(plain_of(kind.type)), kind.type) for _ in range(2))
    meta_of(old)
    stored = msgspec.json.encode(old) if outcome(lambda: kind.default(old)) == 200 else None

    code = outcome(lambda: prepare_changed(kind, new, old, subresource=subresource, now=NOW))

    assert code in {200, 400, 409, 422}
    assert stored is None or msgspec.json.encode(old) == stored


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.resource)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_object_can_be_shown_and_selected(kind: Kind[Any], data: st.DataObject) -> None:
    obj = msgspec.convert(data.draw(plain_of(kind.type)), kind.type)

    row = table(kind, [obj], now=NOW)["rows"][0]

    assert len(row["cells"]) == len(kind.columns)
    assert all(isinstance(value, str) for value in selectable_fields(kind, obj).values())
