from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import Plain
from kubernel.objects.ownership import decode_managed, encode_managed

from tests.objects.ownership.life import Life

LETTERS = st.sampled_from("abc")
PORTS = st.lists(
    st.fixed_dictionaries(
        {"port": st.integers(1, 3)},
        optional={"protocol": st.sampled_from(["TCP", "UDP"]), "name": LETTERS, "target": st.integers(1, 3)},
    ),
    max_size=3,
    unique_by=lambda port: (port["port"], port.get("protocol", "TCP")),
)
FREE: Any = st.recursive(
    st.integers(0, 2) | st.lists(st.integers(0, 2), max_size=2),
    lambda below: st.dictionaries(LETTERS, below, min_size=1, max_size=2),
    max_leaves=4,
)
SPECS: Any = st.fixed_dictionaries(
    {},
    optional={
        "replicas": st.integers(0, 2),
        "note": LETTERS,
        "options": st.dictionaries(LETTERS, LETTERS, min_size=1, max_size=3),
        "whole": st.dictionaries(LETTERS, LETTERS, max_size=2),
        "plain": st.lists(LETTERS, max_size=2),
        "tags": st.lists(LETTERS, max_size=3, unique=True),
        "ports": PORTS,
        "free": st.dictionaries(LETTERS, FREE, min_size=1, max_size=2),
    },
)
WRITES = st.lists(st.tuples(st.sampled_from(["apply", "update"]), LETTERS, SPECS), max_size=5)


def lived(writes: list[tuple[str, str, Plain]]) -> Life:
    life = Life()
    for how, name, spec in writes:
        if how == "apply":
            life.apply(name, spec, force=True)
        else:
            life.update(name, spec)
    return life


@given(WRITES, LETTERS, SPECS)
def test_applying_twice_is_applying_once(writes: list[tuple[str, str, Plain]], name: str, spec: Plain) -> None:
    life = lived(writes)
    life.apply(name, spec, force=True)
    once = life.spec, life.listed()

    life.apply(name, spec)

    assert (life.spec, life.listed()) == once


@given(WRITES, SPECS)
def test_two_who_apply_the_same_share_it(writes: list[tuple[str, str, Plain]], spec: Plain) -> None:
    life = lived(writes)
    life.apply("one", spec, force=True)

    life.apply("two", spec)

    assert life.owned("one") == life.owned("two")


@given(WRITES)
def test_whoever_writes_an_object_alone_owns_all_of_it(writes: list[tuple[str, str, Plain]]) -> None:
    life = Life()
    for _how, _name, spec in writes:
        life.update("u", spec)

    fresh = Life()
    fresh.update("u", life.obj.get("spec", {}))

    if life.obj:
        assert set(life.owned("u")) == set(fresh.owned("u"))


@given(WRITES, SPECS)
def test_forced_apply_says_what_it_wants_and_removes_it_again(
    writes: list[tuple[str, str, Plain]], spec: Plain
) -> None:
    life = lived(writes)

    life.apply("new", spec, force=True)
    said = {name: life.spec.get(name) for name in ("replicas", "note", "whole", "plain") if name in spec}
    life.apply("new", {})

    assert said == {name: spec[name] for name in said}
    assert life.owned("new") == [".spec"]


@given(WRITES)
def test_managed_fields_survive_a_round_trip(writes: list[tuple[str, str, Plain]]) -> None:
    life = lived(writes)

    assert decode_managed(encode_managed(life.managed)) == life.managed
