"""Until when a parcel can still be stopped."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import steady
from watcher.carriers.knowledge import all_carriers, carrier
from watcher.carriers.own import OwnEntry, with_own
from watcher.carriers.window import window_of
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Parcel


def berlin(text: str) -> datetime:
    """All dates here lie in winter: one hour ahead of UTC."""
    return datetime.fromisoformat(text + "+01:00")


def dhl(
    milestone: Milestone = Milestone.HANDED_IN, *, handed_in: str | None = None, carrier: str = "dhl"
) -> Parcel:
    at = berlin(handed_in) if handed_in else None
    return Parcel(milestone=milestone, carrier=carrier, at=at, handed_in_at=at)


@pytest.mark.parametrize(
    ("handed_in", "now", "closes"),
    [
        ("2026-11-24T17:00", "2026-11-24T20:00", "2026-11-25T04:00"),  # Tuesday evening: Wednesday at four
        ("2026-11-27T17:00", "2026-11-27T20:00", "2026-11-28T04:00"),  # Friday: Saturday is a delivery day
        ("2026-11-28T11:00", "2026-11-28T12:00", "2026-11-30T04:00"),  # Saturday: not on Sunday
        ("2026-12-23T17:00", "2026-12-24T20:00", "2026-12-28T04:00"),  # two holidays and a Sunday
        ("2026-11-24T17:00", "2026-11-25T05:00", "2026-11-26T04:00"),  # not loaded in time: the next night
    ],
)
def test_dhl_can_be_asked_until_four_in_the_morning_of_the_next_delivery_day(handed_in, now, closes):
    window = window_of(dhl(handed_in=handed_in), berlin(now))
    assert window is not None
    assert window.closes_at == berlin(closes)
    assert window.certainty is Confidence.LIKELY


def test_a_parcel_at_the_last_depot_is_delivered_tomorrow_whenever_it_was_handed_in():
    parcel = dhl(Milestone.AT_DEPOT, handed_in="2026-11-20T10:00")
    window = window_of(parcel, berlin("2026-11-24T20:00"))
    assert window is not None
    assert window.closes_at == berlin("2026-11-25T04:00")


def test_hermes_takes_requests_until_the_evening_before():
    parcel = dhl(handed_in="2026-11-24T10:00", carrier="hermes")
    window = window_of(parcel, berlin("2026-11-24T12:00"))
    assert window is not None
    assert window.closes_at == berlin("2026-11-24T22:00")


def test_a_holiday_of_one_state_counts_where_the_state_is_named():
    parcel = dhl(handed_in="2027-01-05T10:00")  # the day before Epiphany
    now = berlin("2027-01-05T12:00")
    assert window_of(parcel, now).closes_at == berlin("2027-01-06T04:00")
    assert window_of(parcel, now, state="BY").closes_at == berlin("2027-01-07T04:00")


def test_without_a_known_hand_in_the_window_is_unsure():
    window = window_of(Parcel(carrier="dhl"), berlin("2026-11-24T20:00"))
    assert window is not None
    assert window.closes_at == berlin("2026-11-25T04:00")
    assert window.certainty is Confidence.UNSURE


def test_a_cutoff_that_nobody_has_read_again_for_a_year_is_unsure():
    window = window_of(dhl(handed_in="2027-11-23T17:00"), berlin("2027-11-23T20:00"))
    assert window is not None
    assert window.closes_at == berlin("2027-11-24T04:00")
    assert window.certainty is Confidence.UNSURE


@pytest.mark.parametrize(
    "milestone",
    [
        Milestone.OUT_FOR_DELIVERY,
        Milestone.HELD_AT_PICKUP,
        Milestone.DELIVERED,
        Milestone.RETURNING,
        Milestone.RETURNED,
    ],
)
def test_no_carrier_is_asked_once_the_parcel_is_loaded(milestone):
    assert window_of(dhl(milestone, handed_in="2026-11-24T10:00"), berlin("2026-11-25T08:00")) is None


def test_an_unknown_carrier_has_no_window():
    assert window_of(Parcel(carrier="somebody else"), berlin("2026-11-24T20:00")) is None


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        ("2026-10-24", "2026-10-26T03:00"),  # the clocks go back on Sunday
        ("2026-10-23", "2026-10-24T02:00"),
        ("2027-03-27", "2027-03-30T02:00"),  # they go forward on Easter Sunday
    ],
)
def test_the_cutoff_is_one_of_the_clock_in_berlin_through_every_change_of_it(day, closes):
    handed_in = datetime.fromisoformat(f"{day}T10:00+00:00")
    parcel = Parcel(milestone=Milestone.HANDED_IN, carrier="dhl", at=handed_in, handed_in_at=handed_in)
    window = window_of(parcel, handed_in)
    assert window is not None
    assert window.closes_at == datetime.fromisoformat(closes + "+00:00")
    assert window.closes_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        window_of(dhl(), datetime(2026, 11, 22))


def test_the_sellers_own_cutoff_goes_before_the_shipped_one():
    known = with_own(carrier("dhl"), {"dhl": OwnEntry(cutoff=time(23))})
    window = window_of(dhl(handed_in="2026-11-24T10:00"), berlin("2026-11-24T12:00"), known=known)
    assert window is not None
    assert window.closes_at == berlin("2026-11-24T23:00")
    assert window.certainty is Confidence.LIKELY


@steady
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.sampled_from([one.id for one in all_carriers()]),
    st.sampled_from(list(Milestone)),
)
def test_a_window_never_closes_in_the_past(handed_in, since, carrier, milestone):
    parcel = Parcel(milestone=milestone, carrier=carrier, at=handed_in, handed_in_at=handed_in)
    window = window_of(parcel, handed_in + since)
    assert window is None or window.closes_at > handed_in + since
