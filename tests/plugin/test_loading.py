import pytest
from kubernel.plugin.allowlist import AllowList
from kubernel.plugin.contracts import Plugin
from kubernel.plugin.loading import PluginRefused, construct, load_driver

from tests.shelf import Shelf

GOOD = """
import msgspec
from kubernel.plugin.contracts import PluginInfo, Scheduler


class Knobs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    depth: int = 3


class Acme(Scheduler):
    info = PluginInfo("acme", "Schedules.")
    settings = Knobs

    def __init__(self, settings):
        self.depth = settings.depth
        if self.depth > 99:
            raise OSError("too deep")

    def schedule(self, pods, snapshot):
        return []
"""


def _refusal(shelf: Shelf, source: str) -> PluginRefused:
    shelf.add("acme-sched", {"scheduler:acme": "acme:Acme"}, {"acme": source})
    with pytest.raises(PluginRefused) as refused:
        load_driver("scheduler", "acme")
    return refused.value


def _good(shelf: Shelf) -> type[Plugin]:
    shelf.add("acme-sched", {"scheduler:acme": "acme:Acme"}, {"acme": GOOD})
    return load_driver("scheduler", "acme")


def test_loads_a_driver_that_fits_and_constructs_it_with_its_settings(shelf: Shelf) -> None:
    plugin = construct(_good(shelf), {"depth": 7})

    assert (plugin.info.name, getattr(plugin, "depth", None)) == ("acme", 7)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import nowhere_to_be_found", "acme:Acme of distribution acme-sched cannot be imported: ModuleNotFoundError"),
        ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero"),
        ("def broken(:", "cannot be imported: SyntaxError"),
        ("Other = 1", "cannot be imported: AttributeError"),
        ("assert False, 'no'", "cannot be imported: AssertionError: no"),
        ("raise SystemExit(1)", "cannot be imported: SystemExit: 1"),
        ("Acme = 5", "a int is not a subclass of kubernel.plugin.contracts.scheduler.Scheduler"),
        ("class Acme: pass", "Acme is not a subclass of kubernel.plugin.contracts.scheduler.Scheduler"),
        (GOOD.replace('info = PluginInfo("acme", "Schedules.")', ""), "Acme.info is not a PluginInfo"),
        (GOOD.replace('"acme", ', '"other", '), "Acme.info.name is 'other', its entry point is 'acme'"),
        (
            GOOD.replace('"Schedules."', '"Schedules.", api_version=9'),
            "it is made for version 9 of the contract, this kernel has version 1",
        ),
        (GOOD.replace("def schedule", "def plan"), "Acme does not implement schedule"),
        (GOOD.replace("settings = Knobs", "settings = dict"), "its settings are not a msgspec.Struct class"),
        (GOOD.replace(", forbid_unknown_fields=True", ""), "Knobs must forbid unknown fields"),
        (GOOD.replace("depth: int = 3", "depth: int"), "Knobs has no default for depth"),
    ],
)
def test_refuses_a_misfit_with_a_sentence(shelf: Shelf, source: str, sentence: str) -> None:
    assert sentence in _refusal(shelf, source).reason


def test_a_failed_import_keeps_its_traceback(shelf: Shelf) -> None:
    refused = _refusal(shelf, "def deep():\n    raise KeyError('here')\ndeep()")

    assert 'acme.py", line 2, in deep' in refused.trace


def test_an_unknown_name_lists_those_that_are_installed(shelf: Shelf) -> None:
    shelf.add("acme-sched", {"proxy:acme": "acme:Acme"}, {"acme": GOOD})

    with pytest.raises(PluginRefused, match=r"no installed distribution offers proxy 'nosuch'; installed: .*acme"):
        load_driver("proxy", "nosuch")


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(PluginRefused, match="there is no role 'cook'"):
        load_driver("cook", "acme")


def test_one_name_of_two_distributions_is_a_conflict(shelf: Shelf) -> None:
    shelf.add("acme-one", {"scheduler:acme": "acme:Acme"}, {"acme": GOOD})
    shelf.add("acme-two", {"scheduler:acme": "acme:Acme"}, {})

    with pytest.raises(PluginRefused, match="offered more than once, by acme-one, acme-two: uninstall all but one"):
        load_driver("scheduler", "acme")


def test_a_distribution_beyond_the_allow_list_is_never_imported(shelf: Shelf) -> None:
    shelf.add("acme-sched", {"scheduler:acme": "acme:Acme"}, {"acme": "raise RuntimeError('imported')"})

    with pytest.raises(PluginRefused, match="'acme-sched', which is not on the allow-list"):
        load_driver("scheduler", "acme", allow=AllowList.of("other"))


def test_wrong_settings_name_the_key(shelf: Shelf) -> None:
    driver = _good(shelf)

    with pytest.raises(PluginRefused, match=r"the settings of 'acme' are wrong: spec.config.dept: unknown setting"):
        construct(driver, {"dept": 1})


def test_a_constructor_that_raises_is_a_refusal(shelf: Shelf) -> None:
    driver = _good(shelf)

    with pytest.raises(PluginRefused, match="raised OSError: too deep") as refused:
        construct(driver, {"depth": 100})
    assert "Traceback" in refused.value.trace
