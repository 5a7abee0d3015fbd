"""A plugin's kind in two versions that are one storage: ``watts: 60`` (v2, stored) and ``power: 60W`` (v1, a view).

The API server of the tests loads this file as a plugin of the role ``resources``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from kubernel.objects.cells import NAME
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Column, Kind, PureView
from kubernel.objects.models import Plain, meta
from kubernel.plugin.hooks import hookimpl

GROUP = "example.com"


class Light(msgspec.Struct, omit_defaults=True):
    """What both versions say alike."""

    apiVersion: str | None = None  # noqa: N815 - the field's name on the wire
    kind: str | None = None
    metadata: meta.ObjectMeta | None = None


class Spec2(msgspec.Struct, omit_defaults=True):
    watts: int = 0
    colour: str | None = None


class Lamp2(Light, omit_defaults=True):
    spec: Spec2 | None = None
    status: Plain | None = None

    def __post_init__(self) -> None:
        self.apiVersion, self.kind = f"{GROUP}/v2", "Lamp"


class Spec1(msgspec.Struct, omit_defaults=True):
    power: str = ""


class Lamp1(Light, omit_defaults=True):
    spec: Spec1 | None = None
    status: Plain | None = None

    def __post_init__(self) -> None:
        self.apiVersion, self.kind = f"{GROUP}/v1", "Lamp"


def _default(lamp: Lamp2) -> None:
    if lamp.spec is not None:
        lamp.spec.colour = lamp.spec.colour or "white"


def _validate(lamp: Lamp2) -> Iterable[FieldError]:
    if lamp.spec and lamp.spec.watts < 0:
        yield field_invalid("spec.watts", lamp.spec.watts, "must not be negative")


def _shown(stored: Plain) -> Plain:
    stored["apiVersion"] = f"{GROUP}/v1"
    stored["spec"] = {"power": f"{stored.get('spec', {}).get('watts', 0)}W"}
    return stored


def _stored(lamp: Plain, current: Plain | None) -> Plain:
    lamp["apiVersion"] = f"{GROUP}/v2"
    kept = dict(current["spec"]) if current else {}
    lamp["spec"] = kept | {"watts": int(lamp["spec"]["power"].removesuffix("W"))}
    return lamp


LAMP_V2: Kind[Lamp2] = Kind(
    type=Lamp2,
    group=GROUP,
    version="v2",
    name="Lamp",
    plural="lamps",
    singular="lamp",
    namespaced=True,
    default=_default,
    validate=_validate,
    columns=(NAME, Column("Watts", lambda lamp, _: lamp.spec.watts if lamp.spec else 0, type="integer")),
    selectable={"spec.watts": lambda lamp: str(lamp.spec.watts if lamp.spec else 0)},
    has_status=True,
    spec_changes_generation=True,
)

LAMP_V1: Kind[Lamp1] = Kind(
    type=Lamp1,
    group=GROUP,
    version="v1",
    name="Lamp",
    plural="lamps",
    singular="lamp",
    namespaced=True,
    columns=(NAME, Column("Power", lambda lamp, _: lamp.spec.power if lamp.spec else "")),
    has_status=True,
    spec_changes_generation=True,
    view=PureView(of=LAMP_V2, shown=_shown, stored=_stored, fields={"spec.size": "spec.watts"}),
)


class Lamps:
    """The plugin."""

    @hookimpl
    def kubernel_kinds(self) -> Sequence[Kind[Any]]:
        """Bring both versions."""
        return (LAMP_V2, LAMP_V1)
