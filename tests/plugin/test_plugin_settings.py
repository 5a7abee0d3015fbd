import msgspec
import pytest
from kubernel.plugin.contracts import NoSettings
from kubernel.plugin.settings import SettingsInvalid, decode_settings


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    retries: int = 3


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grace_s: float = 40.0
    names: tuple[str, ...] = ()
    inner: Inner = Inner()


def test_no_config_means_all_defaults() -> None:
    assert decode_settings(Outer, None) == Outer()


def test_values_are_taken_with_their_types() -> None:
    config = {"grace_s": 5, "names": ["a"], "inner": {"retries": 1}}

    assert decode_settings(Outer, config) == Outer(5.0, ("a",), Inner(1))


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"grace": 1}, "spec.config.grace: unknown setting; known: grace_s, names, inner"),
        ({"grace_s": "5"}, "spec.config.grace_s: Expected `float`, got `str`"),
        ({"names": [1]}, "spec.config.names[0]: Expected `str`, got `int`"),
        ({"inner": {"tries": 1}}, "spec.config.inner.tries: unknown setting"),
    ],
)
def test_a_wrong_value_names_its_key(config: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsInvalid) as invalid:
        decode_settings(Outer, config)

    assert str(invalid.value) == sentence


def test_a_plugin_without_settings_takes_no_key() -> None:
    with pytest.raises(SettingsInvalid, match=r"spec.config.speed: unknown setting; known: none"):
        decode_settings(NoSettings, {"speed": 1})
