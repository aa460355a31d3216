"""How far down the conversation list must be read."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, steady
from watcher.domain.reading import Entry, Reach


def rows(*minutes_ago: int | None) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            conversation=f"c{number}",
            selling=True,
            at=None if ago is None else NOW - timedelta(minutes=ago),
        )
        for number, ago in enumerate(minutes_ago)
    )


UNTIL = NOW - timedelta(minutes=60)


def test_all_rows_are_always_enough():
    assert Reach().is_met_by(rows(5, 1, None), 3)


def test_without_a_boundary_only_the_end_is_enough():
    assert not Reach().is_met_by(rows(1, 5000), 3)


def test_a_row_older_than_the_boundary_is_enough():
    assert Reach(until=UNTIL).is_met_by(rows(1, 61), 500)
    assert not Reach(until=UNTIL).is_met_by(rows(1, 60), 500)


def test_rows_that_are_not_sorted_by_time_are_no_boundary():
    assert not Reach(until=UNTIL).is_met_by(rows(1, 500, 5, 61), 500)


def test_a_row_without_a_time_is_no_boundary():
    assert not Reach(until=UNTIL).is_met_by(rows(1, None, 61), 500)


def test_with_fewer_rows_than_before_the_end_must_be_seen():
    assert not Reach(until=UNTIL, total=500).is_met_by(rows(1, 61), 499)
    assert Reach(until=UNTIL, total=500).is_met_by(rows(1, 61), 501)


@steady
@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(0, 5000))
def test_nothing_above_the_boundary_is_ever_left_unseen(ages, boundary):
    """Whatever the site's list is, a reading that stops early has seen every row younger than the boundary."""
    everything = rows(*sorted(ages))
    reach = Reach(until=NOW - timedelta(minutes=boundary))
    for seen in range(len(everything)):
        if reach.is_met_by(everything[:seen], len(everything)):
            assert all(age > boundary for age in sorted(ages)[seen:])
