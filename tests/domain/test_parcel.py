"""What follows from everything that was said about a parcel."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, steady
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Origin, Sighting, parcel_of


def said(
    milestone: Milestone, *, hours: float = 0, origin: Origin = Origin.PASTE, **facts: object
) -> Sighting:
    """Something that was said to have happened so many hours before now, and was learnt now."""
    at = NOW - timedelta(hours=hours)
    return Sighting(order="o", milestone=milestone, at=at, learnt_at=NOW, origin=origin, **facts)  # type: ignore[arg-type]


def now_at(*sightings: Sighting) -> Milestone:
    return parcel_of(sightings, now=NOW).milestone


def test_of_what_was_never_mentioned_nothing_is_known():
    parcel = parcel_of((), now=NOW, carrier="dhl", number="1")
    assert (parcel.milestone, parcel.is_sure) == (Milestone.UNKNOWN, False)
    assert (parcel.carrier, parcel.number) == ("dhl", "1")


@steady
@given(st.permutations([(Milestone.HANDED_IN, 9), (Milestone.AT_DEPOT, 5), (Milestone.OUT_FOR_DELIVERY, 2)]))
def test_the_latest_event_counts_in_whichever_order_it_was_told(told):
    assert now_at(*(said(milestone, hours=hours) for milestone, hours in told)) is Milestone.OUT_FOR_DELIVERY


@pytest.mark.parametrize("doubt", ["unsure", "unknown", "future"])
def test_what_is_unsure_not_understood_or_in_the_future_counts_for_nothing(doubt):
    odd = {
        "unsure": said(Milestone.DELIVERED, confidence=Confidence.UNSURE),
        "unknown": said(Milestone.UNKNOWN),
        "future": said(Milestone.DELIVERED, hours=-3),
    }[doubt]
    assert now_at(said(Milestone.HANDED_IN, hours=5), odd) is Milestone.HANDED_IN


def test_a_forecast_does_not_become_an_event_by_waiting():
    forecast = said(Milestone.DELIVERED, hours=-20)
    assert parcel_of([forecast], now=NOW + timedelta(days=3)).milestone is Milestone.UNKNOWN


def test_after_returning_every_scan_belongs_to_the_way_back_and_a_delivery_is_the_return():
    returning = said(Milestone.RETURNING, hours=30)
    assert now_at(returning, said(Milestone.AT_DEPOT, hours=10)) is Milestone.RETURNING
    assert now_at(returning, said(Milestone.DELIVERED, hours=2)) is Milestone.RETURNED


def test_a_new_number_on_the_way_back_is_the_number_of_the_way_back():
    parcel = parcel_of(
        [said(Milestone.RETURNING, hours=30, number="1"), said(Milestone.IN_TRANSIT, hours=3, number="2")],
        now=NOW,
        number="1",
    )
    assert (parcel.number, parcel.number_back) == ("1", "2")


def test_a_scan_after_a_delivery_contradicts_it_and_nothing_is_sure():
    parcel = parcel_of(
        [said(Milestone.DELIVERED, hours=5), said(Milestone.OUT_FOR_DELIVERY, hours=1)], now=NOW
    )
    assert parcel.contradicts
    assert not parcel.is_sure


@pytest.mark.parametrize("known", [Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERED, Milestone.RETURNED])
def test_the_order_s_page_never_takes_a_parcel_back(known):
    """It dates "sent" with its own last change, the cancellation for instance."""
    parcel = parcel_of(
        [said(known, hours=2), said(Milestone.HANDED_IN, hours=1, origin=Origin.PAGE)], now=NOW
    )
    assert (parcel.milestone, parcel.contradicts) == (known, False)


def test_the_hand_in_is_the_first_moment_at_which_the_parcel_was_gone():
    parcel = parcel_of(
        [
            said(Milestone.LABEL_CREATED, hours=9),
            said(Milestone.IN_TRANSIT, hours=6),
            said(Milestone.AT_DEPOT),
        ],
        now=NOW,
    )
    assert parcel.handed_in_at == NOW - timedelta(hours=6)


def test_a_parcel_lies_in_the_shop_until_the_driver_has_been_there():
    at_shop = said(Milestone.HANDED_IN, hours=3, at_shop=True)
    assert parcel_of([at_shop], now=NOW).at_shop
    assert not parcel_of([at_shop, said(Milestone.HANDED_IN, hours=1)], now=NOW).at_shop
