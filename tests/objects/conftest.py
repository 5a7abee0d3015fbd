"""What the tests of objects share: making typed objects from plain ones, and the errors that come of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.lifecycle import prepare_changed, prepare_new
from kubernel.objects.models import Plain

Create = Callable[..., Any]
Complain = Callable[..., list[str]]
Change = Callable[..., list[str]]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def create(now: datetime) -> Create:
    """Decode a plain object and take it through `prepare_new`, as a POST does."""

    def make(kind: Kind[Any], plain: Plain, namespace: str = "default") -> Any:
        named = {**plain, "metadata": {"name": "x", **plain.get("metadata", {})}}
        obj = msgspec.convert(named, kind.type)
        prepare_new(kind, obj, namespace=namespace if kind.namespaced else None, now=now)
        return obj

    return make


@pytest.fixture
def complaints(create: Create) -> Complain:
    """Return what a POST of a plain object is refused for: every cause, as ``field: sentence``."""

    def refuse(kind: Kind[Any], plain: Plain) -> list[str]:
        refusal = None
        try:
            create(kind, plain)
        except StatusError as error:
            refusal = error
        if refusal is None:
            return []
        assert refusal.code == 422, refusal.message
        return [f"{cause.field}: {cause.message}" for cause in refusal.causes]

    return refuse


@pytest.fixture
def forbidden_changes(create: Create, now: datetime) -> Change:
    """Return what a PUT of a plain object over another one is refused for: every cause, as ``field: sentence``."""

    def refuse(kind: Kind[Any], old: Plain, new: Plain, subresource: str | None = None) -> list[str]:
        before = create(kind, old)
        named = {**new, "metadata": {"name": before.metadata.name, **new.get("metadata", {})}}
        after, refusal = msgspec.convert(named, kind.type), None
        try:
            prepare_changed(kind, after, before, subresource=subresource, now=now)
        except StatusError as error:
            refusal = error
        if refusal is None:
            return []
        assert refusal.code == 422, refusal.message
        return [f"{cause.field}: {cause.message}" for cause in refusal.causes]

    return refuse
