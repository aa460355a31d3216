"""The own ads are read rarely, politely and whole, and what a visit brought is remembered in one piece."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.shop import Ad as ShopAd
from fixtures.shop import five_orders, forty_ads, many_ads
from fixtures.shop.pictures import views
from tests.support.clock import NOON, Clock
from tests.support.rooms import PACE, Rooms, rules
from watcher.app.ad_shelf import Judge
from watcher.app.read_listings import ListingsOrders, read_listings
from watcher.app.remember_ads import ListingsReport
from watcher.app.shelf import Why
from watcher.app.verify import verify
from watcher.domain.ad import Ad, AdStatus, KnownAd
from watcher.domain.alert import AlertKind
from watcher.domain.cadence import Pace, Reason
from watcher.domain.capture import PageKind
from watcher.domain.outcome import Outcome
from watcher.domain.permission import what_holds_back


def no_text(ad: Ad, _at: object) -> list[str]:
    return [] if ad.text else ["no_text"]


class Readings:
    """An account of the practice shop with these ads, and a reading as the command line would make it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.rooms = Rooms(folder, five_orders(NOON), clock)
        self.clock, self.shop, self.visitor, self.store = (
            clock,
            self.rooms.shop,
            self.rooms.visitor,
            self.rooms.store,
        )

    def put(self, *ads: ShopAd) -> None:
        for one in self.shop.own_ads():
            self.shop.remove_ad(one.id)
        for one in ads:
            self.shop.put_ad(one)

    def read(
        self, *, at_most: int = 20, judge: Judge = no_text, pace: Pace = PACE, by_hand: bool = False
    ) -> ListingsReport:
        orders = ListingsOrders(
            account="main", rules=rules(pace=pace), judge=judge, ads_at_most=at_most, by_hand=by_hand
        )
        return read_listings(
            orders, visitor=self.visitor, store=self.store, vault=self.rooms.vault, clock=self.clock
        )

    def known(self, ad: ShopAd) -> KnownAd:
        found = self.store.ads().get("main", ad.id)
        assert found is not None
        return found

    def whys(self) -> list[tuple[PageKind, str]]:
        return [(capture.kind, capture.reason) for capture in self.store.captures()]


@pytest.fixture
def own(tmp_path: Path, clock: Clock) -> Iterator[Readings]:
    readings = Readings(tmp_path / "data", clock)
    readings.put(*(replace(ad, pictures=(), photos=2) for ad in many_ads(3, NOON)))
    yield readings
    readings.store.close()


def ads(own: Readings) -> list[ShopAd]:
    return own.shop.own_ads()


# --- the path of one reading


def test_each_ad_is_read_with_its_text_and_what_was_found_in_it(own: Readings) -> None:
    first, second, third = ads(own)
    own.shop.put_ad(replace(second, text=""))
    report = own.read()
    assert (report.outcome, report.complete, len(report.new), len(report.read)) == (Outcome.OK, True, 3, 3)
    assert own.known(first).ad.text == first.text
    assert own.known(first).ad.attributes == {"Zustand": "Gut"}
    assert own.known(second).findings == ("no_text",)
    assert (own.known(third).findings, own.known(third).read_at) == ((), NOON)
    account = own.store.account("main")
    assert (account.ads_read_at, account.ads_complete, account.loads.on(NOON)) == (NOON, True, 4)


@pytest.mark.slow
def test_two_hundred_ads_cost_eight_pages_beside_their_own(tmp_path: Path, clock: Clock) -> None:
    own = Readings(tmp_path / "data", clock)
    own.put(*(replace(ad, pictures=()) for ad in many_ads(200, NOON)))
    opened = []
    for _ in range(5):
        report = own.read(at_most=60, by_hand=True)
        opened.append(len(own.visitor.opened_ads))
        assert report.complete
        assert report.pages - opened[-1] == 8, "below twenty"
        clock.forward(days=1)
    assert opened == [60, 60, 60, 20, 0]
    assert len(own.store.ads().of("main")) == 200
    own.store.close()


def test_the_forty_ads_of_the_shop_are_read_and_none_is_lost(tmp_path: Path, clock: Clock) -> None:
    """Without text, with ten thousand characters, in English, hostile, deleted, banned, reserved."""
    own = Readings(tmp_path / "data", clock)
    own.put(*(replace(ad, pictures=(), photos=min(ad.photos, 3)) for ad in forty_ads(NOON)))
    report = own.read(at_most=60)
    rows = {one.ad.id: one for one in own.store.ads().of("main")}
    assert len(rows) == 40
    assert report.outcome is Outcome.OK
    by_name = {ad.name: rows[ad.id] for ad in ads(own)}
    assert len(by_name["zehntausend-zeichen"].ad.text or "") > 9_000
    assert by_name["kein-text"].findings == ("no_text",)
    assert {name for name, one in by_name.items() if one.gone_at} == {"geloescht", "verschleiert"}
    assert by_name["reserviert"].ad.status is AdStatus.RESERVED
    assert by_name["feindlich"].ad.title == "<b>Spiegel</b> & Rahmen 🪞"
    own.store.close()


def test_what_says_nothing_new_is_neither_opened_nor_stored_again(own: Readings, clock: Clock) -> None:
    own.read()
    assert own.whys() == [(PageKind.OWN_ADS, Why.LISTING), *[(PageKind.AD, Why.LISTING)] * 3]
    clock.forward(days=7)
    report = own.read()
    assert own.visitor.opened_ads == []
    assert report.captures == ()
    assert own.known(ads(own)[0]).seen_at == clock()


def test_an_ad_with_findings_is_looked_at_again_and_the_mended_text_is_taken(
    own: Readings, clock: Clock
) -> None:
    first = replace(ads(own)[0], text="")
    own.shop.put_ad(first)
    own.read()
    clock.forward(days=7)
    assert len(own.read().read) == 1
    assert own.store.captures()[-1].taken_at == NOON, "it says the same: not stored again"
    own.shop.put_ad(replace(first, text="Mit Kratzer auf der Rückseite."))
    clock.forward(days=7)
    [capture] = own.read().captures
    assert (capture.kind, capture.reason) == (PageKind.AD, Why.LISTING)
    assert own.known(first).findings == ()


def test_a_new_price_leads_to_a_new_reading(own: Readings, clock: Clock) -> None:
    own.read()
    changed = replace(ads(own)[1], price_cents=100)
    own.shop.put_ad(changed)
    clock.forward(days=7)
    assert own.read().read == (changed.id,)
    assert own.known(changed).ad.price_cents == 100


def test_photos_are_measured_while_the_page_is_open(own: Readings) -> None:
    pictured = replace(ads(own)[0], pictures=views(2, width=320, height=240))
    own.shop.put_ad(pictured)
    own.read()
    assert [(photo.width, photo.height) for photo in own.known(pictured).ad.photos] == [(320, 240)] * 2


# --- what is not there


def test_an_ad_that_a_whole_list_has_no_more_is_gone_and_may_come_back(own: Readings, clock: Clock) -> None:
    own.read()
    left = ads(own)[0]
    own.shop.remove_ad(left.id)
    clock.forward(days=7)
    assert own.read().gone == (left.id,)
    assert own.known(left).gone_at == clock()
    own.shop.put_ad(left)
    clock.forward(days=7)
    own.read()
    assert own.known(left).gone_at is None


def test_a_list_that_breaks_off_marks_nothing_gone(tmp_path: Path, clock: Clock) -> None:
    own = Readings(tmp_path / "data", clock)
    everything = [replace(ad, pictures=()) for ad in many_ads(60, NOON)]
    own.put(*everything)
    own.read()
    own.put(*everything[:55])
    own.visitor.own_list_walls = {2: "unreadable"}
    clock.forward(days=7)
    report = own.read()
    assert (report.outcome, report.complete, report.gone) == (Outcome.PARTIAL, False, ())
    assert own.store.account("main").ads_complete is False
    assert (PageKind.OWN_ADS, Why.PROBLEM) in own.whys()
    own.store.close()


def test_an_ad_that_is_deleted_meanwhile_is_gone_and_no_error(own: Readings, clock: Clock) -> None:
    first = ads(own)[0]
    own.visitor.own_ad_opens = lambda _: own.shop.put_ad(replace(first, status="DELETED"))
    report = own.read()
    assert (report.outcome, report.gone) == (Outcome.OK, (first.id,))
    assert own.known(first).gone_at == NOON
    own.visitor.own_ad_opens = lambda _: None
    clock.forward(days=7)
    assert own.read().gone == (), "the list still has it: that is told once"


def test_pages_of_an_unknown_layout_are_kept_and_two_in_a_row_are_enough(own: Readings, clock: Clock) -> None:
    own.visitor.own_ad_walls = {ad.id: "unreadable" for ad in ads(own)}
    report = own.read()
    assert (report.outcome, len(report.unread), report.waiting) == (Outcome.PARTIAL, 2, 1)
    assert own.whys().count((PageKind.AD, Why.PROBLEM)) == 2
    own.visitor.own_ad_walls = {ads(own)[0].id: "unreadable"}
    clock.forward(days=1)
    assert own.visitor.own_ad_walls
    report = own.read(at_most=2)
    assert ads(own)[2].id in report.read, "what was never tried comes before what failed"


def test_a_list_of_an_unknown_layout_says_nothing_about_the_messages(own: Readings) -> None:
    own.rooms.check()
    own.visitor.own_list_walls = {1: "unreadable"}
    report = own.read()
    assert report.outcome is Outcome.UNREADABLE
    assert own.store.account("main").last_outcome is Outcome.OK
    assert own.store.account("main").ads_read_at is None
    assert own.store.ads().get("main", ads(own)[0].id) is None


# --- walls


def walled_list(own: Readings) -> None:
    own.visitor.own_list_walls = {1: "blocked"}


def walled_ad(own: Readings) -> None:
    own.visitor.own_ad_walls = {ads(own)[0].id: "blocked"}


@pytest.mark.parametrize("wall", [walled_list, walled_ad])
def test_a_block_stops_the_reading_and_counts_for_the_account(
    own: Readings, wall: Callable[[Readings], None]
) -> None:
    own.rooms.check()
    wall(own)
    report = own.read()
    assert report.outcome is Outcome.BLOCKED
    assert len(own.visitor.opened_ads) <= 1
    account = own.store.account("main")
    assert (account.last_outcome, account.blocks, account.next_check_reason) == (
        Outcome.BLOCKED,
        1,
        Reason.COOL_DOWN,
    )
    assert (
        what_holds_back(account, PACE, now=NOON + timedelta(minutes=59), scheduled=False) is Reason.COOL_DOWN
    )
    told = [entry.alert.kind for entry in own.store.outbox() if entry.channel == "email"]
    assert told.count(AlertKind.ACCOUNT_TROUBLE) == 1


def test_a_logout_is_told_like_one_that_a_check_met(own: Readings) -> None:
    own.rooms.check()
    own.visitor.own_list_walls = {1: "logged_out"}
    assert own.read().outcome is Outcome.LOGGED_OUT
    assert own.store.account("main").last_outcome is Outcome.LOGGED_OUT
    assert "session_ended" in own.rooms.ledger_kinds()


def test_a_site_that_does_not_answer_says_nothing_about_the_account(own: Readings) -> None:
    own.rooms.check()
    own.visitor.own_list_walls = {1: "unreachable"}
    assert own.read().outcome is Outcome.UNREACHABLE
    assert own.store.account("main").last_outcome is Outcome.OK


# --- budgets


def test_of_the_days_pages_half_is_left_to_the_checks(own: Readings) -> None:
    report = own.read(pace=replace(PACE, pages_per_day=6))
    assert (report.pages, len(report.read), report.waiting) == (3, 2, 1)
    assert own.read(pace=replace(PACE, pages_per_day=6), by_hand=True).waiting == 0


def test_when_the_time_is_over_the_rest_waits_for_the_next_reading(own: Readings) -> None:
    own.visitor.time_for = 3
    report = own.read()
    assert (len(report.read), report.waiting, report.outcome) == (2, 1, Outcome.OK)
    assert own.store.ads().has_waiting("main")
    own.visitor.time_for = None
    assert own.read().waiting == 0
    assert not own.store.ads().has_waiting("main")


# --- what is remembered


def test_the_ledger_holds_counts_and_no_word_of_an_ad(own: Readings) -> None:
    own.read()
    [line] = [line for line in own.rooms.ledger() if line["kind"] == "listings_read"]
    facts = line["facts"]
    assert isinstance(facts, dict)
    assert (facts["ads"], facts["read"], facts["complete"], facts["pages"]) == (3, 3, True, 4)
    whole = json.dumps(own.rooms.ledger(), ensure_ascii=False)
    for ad in ads(own):
        assert ad.title not in whole
        assert ad.id not in whole
    assert verify(own.store, own.rooms.vault).ok


def test_a_reading_that_breaks_down_has_lost_nothing_that_it_saw(own: Readings) -> None:
    third = ads(own)[2]

    def break_down(ad_id: str) -> None:
        if ad_id == third.id:
            raise RuntimeError("the browser is gone")

    own.visitor.own_ad_opens = break_down
    with pytest.raises(RuntimeError):
        own.read()
    assert own.store.ads().of("main") == []
    own.visitor.own_ad_opens = lambda _: None
    own.read()
    kept = own.whys()
    assert kept.count((PageKind.OWN_ADS, Why.RECOVERED)) == 1
    assert kept.count((PageKind.AD, Why.RECOVERED)) == 2
    assert own.store.account("main").loads.on(NOON) == 3 + 4
    assert len(own.store.ads().of("main")) == 3


# --- at a sale


def test_a_sale_brings_the_ad_up_to_date_with_no_further_page(known: Rooms, clock: Clock) -> None:
    deal = known.shop.deal("jacke")
    assert known.store.ads().get("main", deal.ad.id) is None
    known.shop.happen("jacke", "ACCEPTED")
    clock.forward(minutes=10)
    known.check()
    assert len(known.visitor.opened_ads) == 1
    one = known.store.ads().get("main", deal.ad.id)
    assert one is not None
    assert (one.ad.title, one.ad.text, one.read_at) == (deal.ad.title, "Wie neu.", clock())


def test_the_ad_at_the_sale_keeps_what_only_the_list_tells(known: Rooms, clock: Clock) -> None:
    deal = known.shop.deal("jacke")
    before = KnownAd(
        account="main",
        ad=Ad(id=deal.ad.id, title="Alt", category="Mode"),
        first_seen_at=NOON - timedelta(days=9),
        seen_at=NOON,
        mark="mark of the list",
    )
    with known.store.writing() as writing:
        writing.ads().save(before)
    known.shop.happen("jacke", "ACCEPTED")
    clock.forward(minutes=10)
    known.check()
    one = known.store.ads().get("main", deal.ad.id)
    assert one is not None
    assert (one.first_seen_at, one.mark, one.ad.category, one.ad.title) == (
        before.first_seen_at, before.mark, "Mode", deal.ad.title,
    )  # fmt: skip
