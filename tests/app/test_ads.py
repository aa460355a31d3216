"""The ad that was bought is captured once, soon, politely, and never at the cost of the check."""

from dataclasses import replace

import pytest

from fixtures.shop import Shop, quiet_account
from tests.support.clock import NOON, Clock
from tests.support.rooms import PACE, Rooms
from watcher.app.ads import MOST_ADS
from watcher.app.archive import StoredCapture
from watcher.app.shelf import Why
from watcher.domain.capture import PageKind
from watcher.domain.outcome import Outcome


def ads(rooms: Rooms, deal: str | None = None) -> list[StoredCapture]:
    conversation = rooms.visitor.conversation(deal) if deal else None
    captures = rooms.store.captures(account="main", conversation=conversation)
    return [capture for capture in captures if capture.kind is PageKind.AD]


def with_wall(rooms: Rooms, wall: str, clock: Clock) -> list[str]:
    """Let a fourth order be bought while ads cannot be read; return what the checks of a day opened."""
    rooms.visitor.ad_wall = wall
    rooms.shop.happen("jacke", "ACCEPTED")
    opened = []
    for _ in range(3):
        clock.forward(minutes=10)
        assert rooms.check().reading.outcome is Outcome.OK
        opened += rooms.visitor.opened_ads
    return opened


def test_the_ad_of_a_sale_is_captured_once(known: Rooms, clock: Clock) -> None:
    clock.forward(days=2)
    known.check()
    assert known.visitor.opened_ads == []
    for deal in ("friteuse", "lampe", "fahrradkorb"):
        assert [ad.reason for ad in ads(known, deal)] == [Why.SALE]


def test_a_request_is_no_sale_yet_and_an_ended_deal_none_any_more(known: Rooms) -> None:
    assert ads(known, "jacke") == ads(known, "brettspiel") == ads(known, "regal") == []


def test_the_ad_is_captured_by_the_check_that_sees_that_both_have_agreed(known: Rooms, clock: Clock) -> None:
    known.shop.happen("jacke", "ACCEPTED")
    clock.forward(minutes=10)
    report = known.check()
    [ad] = ads(known, "jacke")
    assert ad in report.captures
    assert known.visitor.opened_ads == [f"/zur-anzeige/{known.shop.deal('jacke').ad.id}"]


def test_ads_count_as_page_loads(known: Rooms, clock: Clock) -> None:
    known.shop.happen("jacke", "ACCEPTED")
    clock.forward(minutes=10)
    report = known.check()
    assert report.reading.pages == 1 + len(known.visitor.opened) + 1


@pytest.mark.slow
def test_a_visit_opens_a_few_ads_and_the_next_ones_go_on(rooms: Rooms, clock: Clock) -> None:
    for deal in quiet_account(NOON, 7, live=7):
        rooms.shop.add(deal)
    opened = []
    for _ in range(5):
        rooms.check()
        clock.forward(minutes=10)
        opened.append(len(rooms.visitor.opened_ads))
    assert opened == [MOST_ADS, MOST_ADS, MOST_ADS, 1, 0]


def test_an_ad_waits_where_the_days_pages_are_spent(known: Rooms, clock: Clock) -> None:
    known.shop.happen("jacke", "ACCEPTED")
    clock.forward(minutes=10)
    loaded = known.store.account("main").loads.on(clock())
    pace = replace(PACE, pages_per_day=loaded + 5)  # the list and its four threads
    known.check(pace=pace)
    assert len(known.visitor.opened) == 4
    assert known.visitor.opened_ads == []
    clock.forward(minutes=10)
    known.check(pace=replace(PACE, pages_per_day=500))
    assert len(known.visitor.opened_ads) == 1


def test_an_ad_waits_where_the_visits_time_is_spent(known: Rooms, clock: Clock) -> None:
    known.shop.happen("jacke", "ACCEPTED")
    known.visitor.time_for = 4
    clock.forward(minutes=10)
    assert known.check().reading.outcome is Outcome.OK
    assert known.visitor.opened_ads == []
    known.visitor.time_for = None
    clock.forward(minutes=10)
    known.check()
    assert len(known.visitor.opened_ads) == 1


def test_a_wall_before_an_ad_does_not_spoil_the_check_and_is_not_run_against_twice_a_day(
    known: Rooms, clock: Clock
) -> None:
    assert len(with_wall(known, "blocked", clock)) == 1
    assert [ad.reason for ad in ads(known, "jacke")] == [Why.PROBLEM]
    account = known.store.account("main")
    assert account.last_outcome is Outcome.OK
    assert account.cool_down_until is None


def test_a_wall_before_one_ad_lets_the_others_rest_as_well(rooms: Rooms, clock: Clock) -> None:
    rooms.visitor.ad_wall = "blocked"
    rooms.check()
    clock.forward(minutes=10)
    rooms.check()
    assert len(ads(rooms)) == 1


def test_an_ad_that_can_be_read_the_next_day_is_captured_then(known: Rooms, clock: Clock) -> None:
    with_wall(known, "unreachable", clock)
    known.visitor.ad_wall = None
    clock.forward(days=1)
    known.check()
    assert [ad.reason for ad in ads(known, "jacke")] == [Why.PROBLEM, Why.SALE]


def test_after_three_vain_days_an_ad_is_let_be(known: Rooms, clock: Clock) -> None:
    with_wall(known, "unreadable", clock)
    for _ in range(4):
        clock.forward(days=1)
        known.check()
    assert [ad.reason for ad in ads(known, "jacke")] == [Why.PROBLEM] * 3


def test_an_ad_that_is_gone_is_kept_once_as_that(known: Rooms, clock: Clock) -> None:
    jacke = known.shop.deal("jacke")
    known.shop.add(replace(jacke, ad=replace(jacke.ad, status="DELETED")))
    known.shop.happen("jacke", "ACCEPTED")
    for _ in range(2):
        clock.forward(days=1)
        known.check()
    [ad] = ads(known, "jacke")
    assert (ad.reason, ad.verdict) == (Why.SALE, '{"ad": "gone"}')


def test_what_a_person_asks_for_is_captured_with_its_ad_once_more(known: Rooms) -> None:
    known.check(keep={known.visitor.conversation("friteuse"): Why.ASKED})
    assert [ad.reason for ad in ads(known, "friteuse")] == [Why.SALE, Why.ASKED]


def test_a_question_whether_to_ship_opens_no_ad_again(known: Rooms) -> None:
    known.check(keep={known.visitor.conversation("lampe"): Why.SHIP})
    assert known.visitor.opened_ads == []


def test_the_ad_of_an_open_case_comes_first(clock: Clock, rooms: Rooms) -> None:
    shop: Shop = rooms.shop
    shop.happen("friteuse", "BUYER_CANCELLED")
    rooms.visitor.ad_wall = "unreachable"
    rooms.check()  # the first sight of a cancellation: its case is opened by it
    rooms.visitor.ad_wall = None
    clock.forward(days=1)
    rooms.check()
    assert rooms.visitor.opened_ads[0].endswith(shop.deal("friteuse").ad.id)
