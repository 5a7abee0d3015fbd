import pytest

from tests.objects.ownership.life import Life


@pytest.fixture
def life() -> Life:
    return Life()


def ports(life: Life) -> list[int]:
    return [port["port"] for port in life.spec["ports"]]


def test_elements_have_owners_of_their_own(life: Life) -> None:
    life.apply("a", {"ports": [{"port": 80, "name": "web"}]})

    life.apply("b", {"ports": [{"port": 443, "name": "tls"}]})

    assert ports(life) == [80, 443]
    assert life.owned("b")[0] == '.spec.ports[port=443,protocol="TCP"]'


def test_element_goes_when_its_applier_leaves_it_out(life: Life) -> None:
    life.apply("a", {"ports": [{"port": 80}, {"port": 443}]})

    life.apply("a", {"ports": [{"port": 443}]})

    assert ports(life) == [443]


def test_element_stays_with_the_part_that_another_owns(life: Life) -> None:
    life.apply("a", {"ports": [{"port": 80, "name": "web"}]})
    life.apply("b", {"ports": [{"port": 80, "target": 8080}]})

    life.apply("a", {})

    assert life.spec["ports"] == [{"port": 80, "target": 8080}]


def test_element_is_the_same_with_its_default_key_written_out(life: Life) -> None:
    life.update("u", {"ports": [{"port": 80, "protocol": "TCP", "name": "web"}]})

    life.apply("a", {"ports": [{"port": 80, "target": 1}]})
    life.apply("a", {"ports": [{"port": 80, "protocol": "TCP", "target": 1}]})

    assert life.spec["ports"] == [{"port": 80, "protocol": "TCP", "name": "web", "target": 1}]


def test_element_of_an_applier_goes_though_the_server_filled_it_in(life: Life) -> None:
    life.apply("a", {"ports": [{"port": 80}, {"port": 443}]})
    for port in life.obj["spec"]["ports"]:
        port["protocol"] = "TCP"  # what defaulting does, for nobody

    life.apply("a", {"ports": [{"port": 443}]})

    assert life.spec["ports"] == [{"port": 443, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("live", "applied", "merged"),
    [
        ("abc", "abc", "abc"),
        ("abc", "cba", "cba"),
        ("abc", "d", "abcd"),
        ("abc", "bd", "abcd"),
        ("abc", "db", "adbc"),
        ("abcd", "dxb", "acdxb"),
        ("", "ab", "ab"),
        ("ab", "", "ab"),
        ("axb", "ba", "xba"),
    ],
)
def test_merged_list_takes_the_order_of_what_is_applied(life: Life, live: str, applied: str, merged: str) -> None:
    life.update("u", {"tags": list(live)})

    life.apply("a", {"tags": list(applied)})

    assert "".join(life.spec["tags"]) == merged


def test_duplicates_that_are_stored_stay_and_are_owned_as_one(life: Life) -> None:
    life.update("u", {"tags": ["a", "a", "b"]})

    life.apply("x", {"tags": ["c"]})

    assert life.spec["tags"] == ["a", "a", "b", "c"]
    assert life.owned("u") == [".spec", ".spec.tags", '.spec.tags[="a"]', '.spec.tags[="b"]']


def test_duplicates_are_replaced_by_what_is_applied(life: Life) -> None:
    life.update("u", {"tags": ["a", "a", "b"]})

    life.apply("x", {"tags": ["a"]}, force=True)

    assert life.spec["tags"] == ["a", "b"]
