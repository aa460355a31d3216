"""When a parcel that nobody collects goes back by itself."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import steady
from tests.support.every import every
from watcher.carriers.knowledge import all_carriers, carrier
from watcher.carriers.own import OwnEntry, with_own
from watcher.carriers.waiting import goes_back, waits_since
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Origin, Sighting, parcel_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def word(
    day: int, milestone: Milestone = Milestone.HELD_AT_PICKUP, *, sure: Confidence = Confidence.CERTAIN
) -> Sighting:
    at = datetime(2026, 11, day, 9, tzinfo=UTC)
    return Sighting(
        order="o1", milestone=milestone, at=at, learnt_at=at, origin=Origin.PASTE, confidence=sure
    )


def since(*words: Sighting) -> date | None:
    return waits_since(parcel_of(words, now=NOW), words)


@every(
    ("name", "began", "on"),
    [
        (
            "dhl",
            "2026-11-24",
            "2026-12-03",
        ),  # Wed 25, Thu, Fri, Sat, Mon, Tue, Wed 2; then the next working day
        ("dhl", "2026-12-18", "2026-12-30"),  # two holidays and two Sundays are not counted
        ("hermes", "2026-11-28", "2026-12-08"),
        ("dpd", "2026-11-24", "2026-12-02"),  # seven calendar days
        ("dpd", "2026-11-21", "2026-11-30"),  # over on a Saturday: nothing is sent back on Sunday
        ("gls", "2026-11-24", "2026-12-05"),  # eight days from Monday to Friday
        ("ups", "2026-11-24", "2026-12-05"),
    ],
)
def test_it_goes_back_on_the_working_day_after_the_last_day_it_is_kept(
    name: str, began: str, on: str
) -> None:
    back = goes_back(carrier(name), date.fromisoformat(began))
    assert back is not None
    assert back.on == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("name", "sure"),
    [("dhl", "likely"), ("hermes", "likely"), ("dpd", "unsure"), ("gls", "unsure"), ("ups", "unsure")],
)
def test_it_is_likely_at_most_and_unsure_where_places_differ_or_the_source_is_weak(
    name: str, sure: str
) -> None:
    back = goes_back(carrier(name), date(2026, 11, 24))
    assert back is not None
    assert back.certainty == sure


@pytest.mark.parametrize("name", ["deutsche_post", "fedex", None])
def test_where_no_storage_period_is_known_no_day_is_named(name: str | None) -> None:
    assert goes_back(carrier(name), date(2026, 11, 24)) is None


def test_a_holiday_of_one_state_counts_where_the_state_is_named() -> None:
    began = date(2027, 1, 4)
    everywhere, bavaria = (goes_back(carrier("dhl"), began, state=state) for state in (None, "BY"))
    assert everywhere
    assert bavaria
    assert (everywhere.on, bavaria.on) == (date(2027, 1, 13), date(2027, 1, 14))


def test_knowledge_that_nobody_has_refreshed_for_a_year_makes_the_day_unsure() -> None:
    old = goes_back(carrier("dhl"), date(2027, 11, 15))
    assert old is not None
    assert old.certainty is Confidence.UNSURE


def test_the_sellers_own_period_goes_before_the_shipped_ones() -> None:
    known = with_own(carrier("dpd"), {"dpd": OwnEntry(hold_working_days=2)})
    back = goes_back(known, date(2026, 11, 24))
    assert back is not None
    assert (back.on, back.certainty) == (date(2026, 11, 27), Confidence.LIKELY)


@steady
@given(
    st.dates(date(2026, 1, 1), date(2035, 1, 1)),
    st.sampled_from([one for one in all_carriers() if one.holds]),
)
def test_it_never_goes_back_before_the_shortest_period_is_over(began: date, known) -> None:
    back = goes_back(known, began)
    assert back is not None
    assert (back.on - began).days > max(hold.days for hold in known.holds)
    assert (back.on - began).days < 30
    assert back.certainty is not Confidence.CERTAIN


def test_a_carrier_that_says_it_every_day_does_not_begin_anew() -> None:
    assert since(word(20, Milestone.AT_DEPOT), word(21), word(23), word(24)) == date(2026, 11, 21)


def test_what_is_not_understood_or_unsure_in_between_changes_nothing() -> None:
    guess = word(22, Milestone.OUT_FOR_DELIVERY, sure=Confidence.UNSURE)
    assert since(word(21), word(22, Milestone.UNKNOWN), guess, word(24)) == date(2026, 11, 21)


def test_a_second_delivery_attempt_begins_anew() -> None:
    assert since(word(19), word(20, Milestone.OUT_FOR_DELIVERY), word(21)) == date(2026, 11, 21)


@pytest.mark.parametrize("then", [Milestone.DELIVERED, Milestone.RETURNING, Milestone.OUT_FOR_DELIVERY])
def test_a_parcel_that_waits_no_longer_has_no_such_day(then: Milestone) -> None:
    assert since(word(21), word(24, then)) is None
    assert since() is None


def test_the_day_is_one_of_the_clock_in_berlin() -> None:
    late = datetime.combine(date(2026, 11, 21), time(23, 30), tzinfo=UTC)
    said = Sighting(
        order="o1", milestone=Milestone.HELD_AT_PICKUP, at=late, learnt_at=late, origin=Origin.PASTE
    )
    assert since(said) == date(2026, 11, 22)
