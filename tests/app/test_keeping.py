"""Which captures are kept and why, and that whatever is kept has its details."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.shop import Ad, Deal, quiet_account
from tests.support.clock import NOON, Clock
from tests.support.rooms import CASE_RULES, Rooms, rules
from watcher.app.archive import StoredCapture
from watcher.app.confirm import confirm
from watcher.app.opened import remember_opened
from watcher.app.seller import close_case, mark_done
from watcher.app.shelf import Why
from watcher.domain.capture import Capture, PageKind
from watcher.domain.event import EventKind
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind


def of(rooms: Rooms, deal: str, kind: PageKind = PageKind.CONVERSATION) -> list[StoredCapture]:
    captures = rooms.store.captures(account="main", conversation=rooms.visitor.conversation(deal))
    return [capture for capture in captures if capture.kind is kind]


def reasons(rooms: Rooms, deal: str) -> list[str]:
    return [capture.reason for capture in of(rooms, deal)]


def lists(rooms: Rooms) -> list[str]:
    captures = rooms.store.captures(account="main")
    return [capture.reason for capture in captures if capture.kind is PageKind.CONVERSATION_LIST]


def order_of(rooms: Rooms, deal: str) -> Order:
    conversation = rooms.visitor.conversation(deal)
    [order] = [order for order in rooms.store.orders() if order.conversation == conversation]
    return order


def has_details(rooms: Rooms, capture: StoredCapture) -> bool:
    return ("details", "are here, too") in rooms.vault.capture(capture).facts


def unchanged(rooms: Rooms) -> dict[str, str]:
    """What the last check saw unchanged: name -> salted hash."""
    line = [line for line in rooms.ledger() if line["kind"] in {"check", "seen_unchanged"}][-1]
    facts = line["facts"]
    assert isinstance(facts, dict)
    return dict(entry.split(" ") for entry in facts["unchanged"])


def test_whatever_is_kept_has_its_details(cancelled: Rooms, clock: Clock) -> None:
    cancelled.shop.happen("lampe", "SHIPPED")
    cancelled.check()
    clock.forward(days=1)
    cancelled.visitor.thread_wall = "unreachable"
    cancelled.check()
    captures = cancelled.store.captures()
    assert {capture.kind for capture in captures} == set(PageKind) - {PageKind.ADDED, PageKind.OWN_ADS}
    assert {capture.reason for capture in captures} == {Why.CHANGED, Why.PROBLEM, Why.SALE}
    assert [capture.id for capture in captures if not has_details(cancelled, capture)] == []


def test_a_page_that_is_not_kept_is_asked_for_no_details(known: Rooms) -> None:
    known.check()
    assert known.visitor.opened
    assert known.visitor.detailed == []


def test_an_order_with_an_open_case_is_kept_once_a_day(cancelled: Rooms, clock: Clock) -> None:
    before = reasons(cancelled, "friteuse")
    for hours in (1, 2, 24, 1):
        clock.forward(hours=hours)
        cancelled.check()
    assert reasons(cancelled, "friteuse") == [*before, Why.DAILY]
    assert reasons(cancelled, "lampe") == [Why.CHANGED]


def test_the_day_is_the_german_one(cancelled: Rooms, clock: Clock) -> None:
    before = len(of(cancelled, "friteuse"))
    clock.now = datetime(2026, 11, 22, 22, 55, tzinfo=UTC)
    cancelled.check()
    assert len(of(cancelled, "friteuse")) == before
    clock.now = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
    cancelled.check()
    assert reasons(cancelled, "friteuse")[before:] == [Why.DAILY]


def test_a_day_on_which_the_page_could_not_be_read_is_not_done_with(cancelled: Rooms, clock: Clock) -> None:
    clock.forward(days=1)
    cancelled.visitor.thread_wall = "unreachable"
    cancelled.check()
    cancelled.visitor.thread_wall = None
    clock.forward(minutes=10)
    cancelled.check()
    assert reasons(cancelled, "friteuse")[-2:] == [Why.PROBLEM, Why.DAILY]


def test_when_the_goods_turn_out_to_be_elsewhere_the_next_check_keeps_what_the_page_says(
    cancelled: Rooms, clock: Clock
) -> None:
    [case] = cancelled.store.cases()
    clock.forward(minutes=10)
    moved = mark_done(cancelled.store, case.id, "still_at_home", rules=CASE_RULES, clock=clock)
    assert moved.kind is CaseKind.BEFORE_SHIPMENT
    before = reasons(cancelled, "friteuse")
    for _ in range(2):
        clock.forward(minutes=10)
        cancelled.check()
    assert reasons(cancelled, "friteuse") == [*before, Why.MILESTONE]


def test_when_a_case_is_closed_the_next_check_keeps_what_the_page_says_once(
    cancelled: Rooms, clock: Clock
) -> None:
    before = reasons(cancelled, "friteuse")
    close_case(cancelled.store, cancelled.store.cases()[0].id, clock=clock)
    for _ in range(2):
        clock.forward(days=1)
        cancelled.check()
    assert reasons(cancelled, "friteuse") == [*before, Why.MILESTONE]
    assert "friteuse" not in cancelled.visitor.opened  # it is over, and nothing about it is wanted any more


def test_what_is_wanted_of_a_conversation_that_is_gone_is_given_up(cancelled: Rooms, clock: Clock) -> None:
    close_case(cancelled.store, cancelled.store.cases()[0].id, clock=clock)
    friteuse = cancelled.shop.deal("friteuse")
    cancelled.shop.remove("friteuse")
    clock.forward(minutes=10)
    cancelled.check()
    cancelled.shop.add(friteuse)
    clock.forward(minutes=10)
    cancelled.check()
    assert Why.MILESTONE not in reasons(cancelled, "friteuse")


def test_a_cancellation_wants_no_second_capture_at_the_next_check(cancelled: Rooms, clock: Clock) -> None:
    before = reasons(cancelled, "friteuse")
    clock.forward(minutes=10)
    assert cancelled.check().captures == ()
    assert reasons(cancelled, "friteuse") == before


@pytest.mark.parametrize("why", [Why.ASKED, Why.SHIP])
def test_what_a_person_asks_for_is_kept_although_nothing_has_changed(known: Rooms, why: Why) -> None:
    known.check(keep={known.visitor.conversation("lampe"): why})
    assert reasons(known, "lampe") == [Why.CHANGED, why]
    assert reasons(known, "friteuse") == [Why.CHANGED]
    assert known.visitor.opened[0] == "lampe"


def test_what_a_person_asks_for_is_opened_although_it_is_over(known: Rooms) -> None:
    known.check(keep={known.visitor.conversation("brettspiel"): Why.ASKED})
    assert reasons(known, "brettspiel")[-1] == Why.ASKED


def test_a_check_names_what_it_saw_unchanged_also_when_it_found_something_elsewhere(known: Rooms) -> None:
    known.check()
    quiet = unchanged(known)
    assert quiet.keys() == {
        "list", *(order_of(known, deal).id for deal in ("friteuse", "lampe", "fahrradkorb")),
    }  # fmt: skip
    known.shop.happen("lampe", "SHIPPED")
    known.check()
    assert known.ledger_kinds()[-1] == "check"
    found = unchanged(known)
    assert found == {name: quiet[name] for name in found}
    assert found.keys() == {order_of(known, deal).id for deal in ("friteuse", "fahrradkorb")}


def test_a_conversation_that_says_something_else_has_another_hash(known: Rooms, clock: Clock) -> None:
    lampe = order_of(known, "lampe").id
    known.check()
    before = unchanged(known)[lampe]
    known.shop.say("lampe", "Wann kommt das Paket?")
    clock.forward(minutes=10)
    known.check()
    known.check()
    assert unchanged(known)[lampe] != before


def test_the_same_page_that_one_reader_cannot_read_is_stored_once_a_day(known: Rooms, clock: Clock) -> None:
    def without_answers(capture: Capture) -> Capture:
        return replace(capture, bodies=()) if capture.kind is PageKind.CONVERSATION else capture

    known.visitor.alter = without_answers
    for _ in range(3):
        clock.forward(minutes=10)
        known.check()
    assert reasons(known, "friteuse")[1:] == [Why.PROBLEM]
    clock.forward(days=1)
    known.check()
    assert reasons(known, "friteuse")[1:] == [Why.PROBLEM, Why.PROBLEM]


@pytest.mark.slow
def test_a_list_that_lacks_an_order_is_kept_however_far_down_it_stood(rooms: Rooms, clock: Clock) -> None:
    for deal in quiet_account(NOON, 40, live=0):
        rooms.shop.add(deal)
    rooms.shop.add(
        Deal(
            id="old",
            ad=Ad(title="Vase", price_cents=500),
            buyer="Ilse",
            steps=[("REQUESTED", NOON - timedelta(days=99)), ("ACCEPTED", NOON - timedelta(days=98))],
        )
    )
    rooms.check(threads_at_most=99)
    before = lists(rooms)
    rooms.shop.remove("old")
    clock.forward(minutes=10)
    assert EventKind.ORDER_MISSING in {event.kind for event in rooms.check().plan.events}
    assert lists(rooms) == [*before, Why.CHANGED]


def test_a_wall_is_kept_when_it_is_met_and_another_one_again(known: Rooms, clock: Clock) -> None:
    before = lists(known)
    for wall in ("unreadable", "unreadable", "logged_out", "logged_out", "unreachable"):
        known.visitor.wall = wall
        clock.forward(days=1)
        known.check()
    assert lists(known)[len(before) :] == [Why.PROBLEM] * 3


def test_what_turns_out_to_be_news_only_in_the_end_is_kept_without_details(
    known: Rooms, clock: Clock
) -> None:
    lampe = order_of(known, "lampe").id
    known.visitor.meanwhile = lambda: confirm(known.store, lampe, stage=Stage.CANCELLED, clock=clock)
    known.check()
    [_, last] = of(known, "lampe")
    assert last.reason == Why.CHANGED
    assert not has_details(known, last)


def test_a_page_that_a_human_opens_does_for_the_day(cancelled: Rooms, clock: Clock) -> None:
    clock.forward(days=1)
    with cancelled.visitor.visit("main") as visit:
        capture = visit.open_thread(cancelled.visitor.conversation("friteuse"))
    remember_opened(capture, rules=rules(), store=cancelled.store, vault=cancelled.vault, clock=clock)
    clock.forward(minutes=10)
    cancelled.check()
    assert reasons(cancelled, "friteuse")[-2:] == [Why.CHANGED, Why.DAILY]
    assert len(of(cancelled, "friteuse")) == 3
