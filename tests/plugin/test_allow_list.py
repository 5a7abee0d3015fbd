import pytest
from kubernel.plugin.allowlist import ALLOW_VARIABLE, AllowList


def test_without_the_variable_everything_is_permitted() -> None:
    assert AllowList.from_environment({}).permits("anything")


def test_an_empty_variable_permits_nothing() -> None:
    assert not AllowList.from_environment({ALLOW_VARIABLE: ""}).permits("anything")


@pytest.mark.parametrize("text", ["acme-one,acme-two", "acme-one, acme-two", "acme-two acme-one"])
def test_the_named_distributions_are_permitted(text: str) -> None:
    allow = AllowList.from_environment({ALLOW_VARIABLE: text})

    assert (allow.permits("acme-one"), allow.permits("acme-two"), allow.permits("acme")) == (True, True, False)


def test_names_compare_as_pip_compares_them() -> None:
    assert AllowList.of("Acme_Sched.x").permits("acme-sched-x")
