"""The allocation file survives a kill between any two bytes."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel_network_loopback import LoopbackNetwork
from kubernel_network_loopback.journal import AllocationJournal


def _address(number: int) -> IPv4Address:
    return IPv4Address(f"127.64.0.{number}")


def test_journal_remembers_what_it_was_told(tmp_path: Path) -> None:
    journal = AllocationJournal(tmp_path / "addresses")
    journal.assign("a", _address(1))
    journal.assign("b", _address(2))
    journal.release("a")
    journal.close()

    again = AllocationJournal(tmp_path / "addresses")

    assert again.addresses == {"b": _address(2)}
    assert again.last == _address(2)
    again.close()


@pytest.mark.parametrize("lost_bytes", [1, 2, 5])
def test_journal_ignores_a_line_that_was_cut(tmp_path: Path, lost_bytes: int) -> None:
    path = tmp_path / "addresses"
    journal = AllocationJournal(path)
    journal.assign("a", _address(1))
    journal.assign("b", _address(2))
    journal.close()
    path.write_bytes(path.read_bytes()[:-lost_bytes])

    after_crash = AllocationJournal(path)
    after_crash.assign("c", _address(3))
    after_crash.close()
    again = AllocationJournal(path)

    assert again.addresses == {"a": _address(1), "c": _address(3)}
    again.close()


def test_journal_is_written_anew_when_it_is_mostly_history(tmp_path: Path) -> None:
    path = tmp_path / "addresses"
    journal = AllocationJournal(path)
    journal.assign("stays", _address(1))
    for number in range(3000):
        journal.assign(f"goes-{number}", _address(2))
        journal.release(f"goes-{number}")
    journal.assign("last", _address(7))
    journal.close()

    again = AllocationJournal(path)

    assert again.addresses == {"stays": _address(1), "last": _address(7)}
    assert again.last == _address(7)
    assert len(path.read_text().splitlines()) == 2
    again.close()


@given(changes=st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=40))
def test_journal_replays_to_the_same_state(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "addresses"
    journal = AllocationJournal(path)
    for is_new, number in changes:
        if is_new:
            journal.assign(f"pod-{number}", _address(number))
        else:
            journal.release(f"pod-{number}")
    journal.close()

    again = AllocationJournal(path)

    assert again.addresses == journal.addresses
    assert again.taken == journal.taken
    again.close()


async def test_network_refuses_a_directory_that_is_in_use(tmp_path: Path) -> None:
    first, second = LoopbackNetwork(), LoopbackNetwork()
    await first.start(tmp_path)

    with pytest.raises(BlockingIOError):
        await second.start(tmp_path)

    await second.stop()
    await first.stop()
