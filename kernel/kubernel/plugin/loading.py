"""Loading: from a role and a name to a constructed driver, or to a sentence that says what is missing.

Every way in which a foreign distribution can be broken ends in `PluginRefused`, never in another exception: the
caller shows the sentence and goes on with what it had. Loading imports the plugin's code, so the supervisor never
does it; it happens in a host process, or in ``kubernel plugin check``.
"""

import inspect
import traceback
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NoReturn

from stevedore.driver import DriverManager
from stevedore.exception import NoMatches
from stevedore.extension import Extension, ExtensionManager

from kubernel.objects.models import Plain
from kubernel.plugin.allowlist import AllowList
from kubernel.plugin.contracts import Plugin, PluginInfo, Role, role_named
from kubernel.plugin.discovery import Found, describe, find, refresh_import_path
from kubernel.plugin.settings import SettingsInvalid, decode_settings, settings_error

__all__ = ["Loaded", "PluginRefused", "construct", "load", "load_driver"]


class PluginRefused(Exception):  # noqa: N818 - named after the condition
    """The plugin cannot be used, and why.

    Attributes:
        reason: One sentence for ``status.message`` and the terminal.
        trace: The traceback of the plugin's own failure; empty when it did not come so far.
    """

    def __init__(self, reason: str, trace: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Loaded:
    """A driver that fits its contract, and where it comes from."""

    driver: type[Plugin]
    found: Found


def load_driver(role_name: str, name: str, *, allow: AllowList | None = None) -> type[Plugin]:
    """Import the driver and check that it fits its role's contract; see `load`."""
    return load(role_name, name, allow=allow).driver


def load(role_name: str, name: str, *, allow: AllowList | None = None) -> Loaded:
    """Import the driver and check that it fits its role's contract.

    Args:
        role_name: Such as ``scheduler``; a role of hooks has no drivers.
        name: The entry point's name.
        allow: The fence; ``None`` reads it from the environment.

    Raises:
        PluginRefused: For every reason there is.
    """
    role = role_named(role_name)
    if role is None or role.contract is None:
        raise PluginRefused(f"there is no role {role_name!r} that a driver could serve")
    refresh_import_path()
    extension = _import(role, name, AllowList.from_environment() if allow is None else allow)
    misfit = _misfit(extension.plugin, role, name)
    if misfit:
        raise PluginRefused(f"{role.name} {name!r} does not fit the contract: {misfit}")
    return Loaded(extension.plugin, describe(extension.entry_point))


def construct(driver: type[Plugin], config: Plain | None) -> Plugin:
    """Make the driver with its settings.

    Raises:
        PluginRefused: The settings are wrong (the sentence names the key), or the constructor raised.
    """
    try:
        settings = decode_settings(driver.settings, config)
    except SettingsInvalid as error:
        raise PluginRefused(f"the settings of {driver.info.name!r} are wrong: {error}") from error
    try:
        plugin: Plugin = _as_factory(driver)(settings)
    except Exception as error:
        reason = f"{driver.__name__}(settings) raised {type(error).__name__}: {error}"
        raise PluginRefused(reason, traceback.format_exc()) from error
    return plugin


def _as_factory(driver: type[Plugin]) -> Any:  # noqa: ANN401 - the contract leaves the constructor to the driver
    return driver


class _Drivers(DriverManager[Any]):
    """stevedore's driver manager over entry points that are read afresh, know their distribution and are allowed."""

    def __init__(self, role: Role, name: str, allow: AllowList) -> None:
        self._allow = allow
        super().__init__(
            role.entry_point_group,
            name,
            on_load_failure_callback=_refuse_broken,
            on_missing_entrypoints_callback=None,
            conflict_resolver=_refuse_conflict,
        )

    def list_entry_points(self) -> list[EntryPoint]:
        points = list(entry_points(group=self.namespace))
        for found in map(describe, points):
            if found.name in self._names and not self._allow.permits(found.distribution):
                raise PluginRefused(
                    f"{found.role} {found.name!r} comes with distribution {found.distribution!r}, "
                    "which is not on the allow-list"
                )
        return points


def _import(role: Role, name: str, allow: AllowList) -> Extension[Any]:
    try:
        return _Drivers(role, name, allow).extensions[0]
    except NoMatches:
        others = ", ".join(sorted(found.name for found in find(role.name))) or "none"
        reason = f"no installed distribution offers {role.name} {name!r}; installed: {others}"
        raise PluginRefused(reason) from None
    except (AssertionError, SystemExit) as error:  # stevedore lets these two through
        reason = f"{role.name} {name!r} cannot be imported: {type(error).__name__}: {error}"
        raise PluginRefused(reason, traceback.format_exc()) from error


def _refuse_broken(_manager: ExtensionManager[Any], point: EntryPoint, error: BaseException) -> NoReturn:
    trace = "".join(traceback.format_exception(error))
    where = f"{point.value} of distribution {point.dist.name}" if point.dist else point.value
    raise PluginRefused(f"{where} cannot be imported: {type(error).__name__}: {error}", trace) from error


def _refuse_conflict(group: str, name: str, extensions: list[Extension[Any]]) -> NoReturn:
    points = [extension.entry_point for extension in extensions]
    rivals = ", ".join(sorted(point.dist.name if point.dist else point.value for point in points))
    role = group.removeprefix("kubernel.")
    raise PluginRefused(f"{role} {name!r} is offered more than once, by {rivals}: uninstall all but one")


def _misfit(loaded: Any, role: Role, name: str) -> str:  # noqa: ANN401
    """Say the first thing in which the loaded object misses the contract; empty when it fits."""
    contract = role.contract
    assert contract is not None
    if not (isinstance(loaded, type) and issubclass(loaded, contract)):
        return f"{_described(loaded)} is not a subclass of {contract.__module__}.{contract.__name__}"
    info = getattr(loaded, "info", None)
    if not isinstance(info, PluginInfo):
        return f"{loaded.__name__}.info is not a PluginInfo"
    if info.name != name:
        return f"{loaded.__name__}.info.name is {info.name!r}, its entry point is {name!r}"
    if info.api_version != role.api_version:
        return f"it is made for version {info.api_version} of the contract, this kernel has version {role.api_version}"
    if inspect.isabstract(loaded):
        missing = ", ".join(sorted(loaded.__abstractmethods__))
        return f"{loaded.__name__} does not implement {missing}"
    return settings_error(loaded.settings)


def _described(loaded: Any) -> str:  # noqa: ANN401
    return loaded.__name__ if isinstance(loaded, type) else f"a {type(loaded).__name__}"
