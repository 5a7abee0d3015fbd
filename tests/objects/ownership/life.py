"""A small object's life, written by managers one after another."""

from dataclasses import dataclass, field

from kubernel.objects.models import Plain
from kubernel.objects.ownership import (
    APPLY,
    UPDATE,
    Managed,
    Manager,
    Version,
    Versions,
    apply_config,
    conflict_error,
    encode_managed,
    shape_of_schema,
    take_changes,
)

SCHEMA: Plain = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "properties": {
                "replicas": {"type": "integer"},
                "note": {"type": "string"},
                "options": {"type": "object", "additionalProperties": {"type": "string"}},
                "whole": {
                    "type": "object",
                    "x-kubernetes-map-type": "atomic",
                    "additionalProperties": {"type": "string"},
                },
                "plain": {"type": "array", "items": {"type": "string"}},
                "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                "ports": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["port", "protocol"],
                    "items": {
                        "type": "object",
                        "properties": {
                            "port": {"type": "integer"},
                            "protocol": {"type": "string", "default": "TCP"},
                            "name": {"type": "string"},
                            "target": {"type": "integer"},
                        },
                    },
                },
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            },
        }
    },
}
__all__ = ["SCHEMA", "VERSIONS", "Life"]

VERSIONS = Versions("v1", Version(shape_of_schema(SCHEMA)))


@dataclass
class Life:
    """One object and who owns it."""

    obj: Plain = field(default_factory=dict)
    managed: Managed = field(default_factory=dict)
    versions: Versions = VERSIONS
    clock: int = 0

    def _tick(self) -> str:
        self.clock += 1
        return f"t{self.clock:03}"

    def apply(self, name: str, spec: Plain, *, force: bool = False) -> None:
        """Apply; a conflict that is not forced is raised as what the client would see."""
        manager = Manager(name, APPLY)
        applied = apply_config(
            self.obj, {"spec": spec}, self.managed, manager, now=self._tick(), versions=self.versions
        )
        if applied.conflicts and not force:
            raise conflict_error(applied.conflicts)
        self.obj, self.managed = applied.obj, applied.managed

    def update(self, name: str, spec: Plain, api_version: str = "v1") -> None:
        """Replace the object."""
        manager = Manager(name, UPDATE, api_version)
        new: Plain = {"spec": spec}
        self.managed = take_changes(self.obj, new, self.managed, manager, now=self._tick(), versions=self.versions)
        self.obj = new

    @property
    def spec(self) -> Plain:
        """What the object says; null members, which typed objects do not have, left out."""
        return {name: value for name, value in (self.obj.get("spec") or {}).items() if value is not None}

    def owned(self, name: str) -> list[str]:
        """Return the fields of a manager, as messages name them."""
        return [
            path for manager, entry in self.managed.items() if manager.name == name for path in entry.fields.paths()
        ]

    def listed(self) -> list[Plain]:
        """Return ``managedFields``."""
        return encode_managed(self.managed)
