from importlib.metadata import distributions

import pytest
from kubernel.cluster.units.install import InstallFailed, clashes, install
from kubernel.cluster.units.plan import Package

from tests.shelf import Shelf


def _clashes(shelf: Shelf, **planned: str) -> list[str]:
    return clashes(planned, distributions(path=[str(shelf.path)]))


@pytest.fixture(autouse=True)
def installed(shelf: Shelf) -> None:
    shelf.add(
        "web-app", {}, {}, version="3.1", requires=["numpy>=2,<3", "tool; extra == 'dev'", "old; os_name == 'os2'"]
    )


def test_a_version_that_another_distribution_forbids_is_named(shelf: Shelf) -> None:
    assert _clashes(shelf, numpy="1.26") == ["web-app 3.1, which requires numpy<3,>=2, by numpy 1.26"]


@pytest.mark.parametrize("planned", [{"numpy": "2.4"}, {"tool": "1"}, {"old": "1"}, {"other": "1"}, {}])
def test_what_nobody_forbids_is_no_clash(shelf: Shelf, planned: dict[str, str]) -> None:
    assert _clashes(shelf, **planned) == []


def test_a_distribution_that_is_replaced_itself_does_not_count(shelf: Shelf) -> None:
    assert clashes({"web-app": "4.0", "numpy": "1.26"}, distributions(path=[str(shelf.path)])) == []


async def test_nothing_is_installed_when_the_driver_is_there(shelf: Shelf) -> None:
    shelf.add("acme-sched", {"scheduler:acme": "acme:Acme"}, {})

    await install(Package("scheduler", "acme", "--this-would-fail"))


async def test_an_option_is_no_package() -> None:
    with pytest.raises(InstallFailed, match="'--index-url=x' is an option of pip, not a package"):
        await install(Package("scheduler", "nosuch", "--index-url=x"))
