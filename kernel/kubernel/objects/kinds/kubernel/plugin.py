"""The kind ``Plugin`` (``kubernel.dev/v1``): which driver serves a role."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Cell, Column, Kind
from kubernel.objects.plugin_object import PHASES, Plugin, PluginSpec, PluginStatus
from kubernel.objects.rules.names import dns_label_errors, regex_error
from kubernel.objects.rules.values import immutable, one_of, required_name

__all__ = ["PLUGIN"]


def _prepare_create(plugin: Plugin) -> None:
    plugin.status = PluginStatus(phase="Pending" if plugin.spec is None or plugin.spec.enabled else "Disabled")


def _role_errors(role: str) -> list[str]:
    """Check a role's name: lower case, digits and underscores, as its entry-point group has it."""
    if role and role.replace("_", "").isalnum() and role == role.lower() and role.isascii():
        return []
    return [regex_error("a role is an entry-point group's last part", "[a-z0-9_]+", "scheduler", "metrics_sink")]


def _driver_errors(driver: str) -> list[str]:
    return dns_label_errors(driver.replace("_", "-"))


def _validate(plugin: Plugin) -> Iterable[FieldError]:
    if plugin.spec is None:
        yield field_required("spec")
        return
    yield from required_name(_role_errors, plugin.spec.role, "spec.role")
    yield from required_name(_driver_errors, plugin.spec.driver, "spec.driver")
    if plugin.spec.package is not None and plugin.spec.package.strip().startswith("-"):
        # It becomes an argument of pip; an option would change what pip does.
        yield field_invalid("spec.package", plugin.spec.package, "must be a requirement, not an option of pip")
    if plugin.status is not None and plugin.status.phase is not None:
        yield from one_of(plugin.status.phase, PHASES, "status.phase")


def _validate_update(new: Plugin, old: Plugin) -> Iterable[FieldError]:
    if new.spec is not None and old.spec is not None:
        yield from immutable(new.spec.role, old.spec.role, "spec.role")


def _spec(plugin: Plugin) -> PluginSpec:
    return plugin.spec or PluginSpec(role="", driver="")


def _status(plugin: Plugin) -> PluginStatus:
    return plugin.status or PluginStatus()


def _distribution(plugin: Plugin, _now: datetime) -> Cell:
    status = _status(plugin)
    return " ".join(word for word in (status.distribution, status.version) if word) or NONE


PLUGIN = Kind(
    type=Plugin,
    group="kubernel.dev",
    version="v1",
    name="Plugin",
    plural="plugins",
    singular="plugin",
    namespaced=False,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Role", lambda p, _: _spec(p).role, description="The role that it serves."),
        Column("Driver", lambda p, _: _spec(p).driver, description="The driver that should serve it."),
        Column("Active", lambda p, _: _status(p).driver or NONE, description="The driver that serves it."),
        Column("Status", lambda p, _: _status(p).phase or "", description="Pending, Running, Failed or Disabled."),
        Column("Restarts", lambda p, _: _status(p).restarts or 0, type="integer", description="Restarts of it."),
        AGE,
        Column("Distribution", _distribution, priority=1, description="Where the active driver comes from."),
        Column("Message", lambda p, _: _status(p).message or "", priority=1, description="What is wrong with it."),
    ),
    selectable={"spec.role": lambda p: _spec(p).role, "status.phase": lambda p: _status(p).phase or ""},
    has_status=True,
    spec_changes_generation=True,
)
