from pathlib import Path

import pytest
from kubernel.cluster.units.presumed import presume, write_presumed
from kubernel.objects.models import meta
from kubernel.objects.plugin_object import Plugin, PluginSpec, PluginStatus
from kubernel.plugin.contracts import ROLES

from tests.shelf import Shelf


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plugins.json"


def _drivers(plugins: list[Plugin]) -> dict[str, str]:
    return {plugin.metadata.name or "": plugin.spec.driver for plugin in plugins if plugin.metadata and plugin.spec}


def _plugin(name: str, driver: str, **spec: object) -> Plugin:
    about = PluginSpec(role=name, driver=driver, **spec)  # type: ignore[arg-type]
    return Plugin(metadata=meta.ObjectMeta(name=name), spec=about, status=PluginStatus(phase="Running"))


def test_a_new_cluster_will_have_a_driver_for_each_role_and_every_controller(path: Path, shelf: Shelf) -> None:
    shelf.add("acme-ctl", {"controller:acme": "m:M"}, {})

    drivers = _drivers(presume(path, {"scheduler": "binpack"}))

    defaults = {role.name: role.default for role in ROLES if role.default}
    assert (defaults | {"scheduler": "binpack", "acme-controller": "acme"}).items() <= drivers.items()


def test_what_was_last_is_presumed(path: Path) -> None:
    write_presumed(path, [_plugin("scheduler", "binpack", config={"cpu_weight": 2.0})])

    (scheduler,) = [plugin for plugin in presume(path, {}) if plugin.spec and plugin.spec.role == "scheduler"]

    assert scheduler.spec == PluginSpec("scheduler", "binpack", config={"cpu_weight": 2.0})
    assert scheduler.status is None


def test_a_flag_counts_more_and_takes_the_old_settings_away(path: Path) -> None:
    write_presumed(path, [_plugin("scheduler", "binpack", config={"cpu_weight": 2.0})])

    (scheduler,) = [p for p in presume(path, {"scheduler": "default"}) if p.spec and p.spec.role == "scheduler"]

    assert scheduler.spec == PluginSpec("scheduler", "default")


def test_a_damaged_guess_is_as_good_as_none(path: Path) -> None:
    path.write_text("[{")

    assert "scheduler" in _drivers(presume(path, {}))
