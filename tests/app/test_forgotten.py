"""What a check does with an order that was forgotten: nothing, until something new happens to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.rooms import Rooms
from tests.support.values import CASE
from watcher.app.forget import BY_SELLER, forget
from watcher.app.forget_plan import blocked, plan_forgetting
from watcher.app.verify import verify
from watcher.domain.order import Order
from watcher.domain.retention import GONE_AFTER, Holds
from watcher.domain.stage import Stage


def again(rooms: Rooms, before: Order) -> Order:
    return next(known for known in rooms.store.orders() if known.id == before.id)


def forget_it(rooms: Rooms, which: Order) -> None:
    erasing = rooms.store.erasing()
    plan = plan_forgetting(rooms.store, erasing, [which], now=rooms.clock())
    forgotten = forget(rooms.store, erasing, plan, reason=BY_SELLER, clock=rooms.clock)
    assert forgotten.orders == (which.id,)


@pytest.fixture
def ended(known: Rooms) -> Order:
    """An order that was paid out, as a check has seen it."""
    return next(each for each in known.store.orders() if each.stage is Stage.PAID_OUT)


def test_the_next_check_fills_nothing_in_again(known: Rooms, ended: Order) -> None:
    captures = len(known.store.captures())
    forget_it(known, ended)
    known.clock.forward(hours=3)
    report = known.check()
    after = again(known, ended)
    assert report.plan.events == ()
    assert (after.title, after.buyer, after.forgotten_at is not None) == (None, None, True)
    assert len(known.store.captures(account="main", conversation=ended.conversation)) == 0
    assert len(known.store.captures()) < captures
    assert verify(known.store, known.vault).ok


def test_a_page_that_is_read_unchanged_fills_nothing_in_again(known: Rooms, ended: Order) -> None:
    forget_it(known, ended)
    with known.store.writing() as writing:
        writing.ask_for_check("main", ended.conversation, at=known.clock())
    known.clock.forward(hours=3)
    known.check()
    after = again(known, ended)
    assert (after.title, after.last_seen_at) == (None, known.clock())
    assert known.store.captures(account="main", conversation=ended.conversation) == []


def test_a_new_message_makes_it_an_order_again(known: Rooms, ended: Order) -> None:
    forget_it(known, ended)
    deal = next(deal for deal in known.shop.deals() if deal.conversation_id == ended.conversation)
    known.clock.forward(hours=3)
    known.shop.say(deal.id, "Hallo, noch eine Frage zur Rechnung.")
    known.check()
    after = again(known, ended)
    assert (after.title, after.buyer, after.forgotten_at) == (ended.title, ended.buyer, None)
    assert len(known.store.captures(account="main", conversation=ended.conversation)) == 1


def test_an_order_with_an_open_case_is_not_forgotten(cancelled: Rooms) -> None:
    case = cancelled.store.cases()[0]
    which = next(known for known in cancelled.store.orders() if known.id == case.order)
    assert blocked(cancelled.store, which, now=cancelled.clock()) is Holds.OPEN_CASE
    erasing = cancelled.store.erasing()
    assert plan_forgetting(cancelled.store, erasing, [which], now=cancelled.clock()).orders == ()


def test_an_order_under_way_is_not_forgotten_unless_nobody_has_seen_it_for_long(known: Rooms) -> None:
    live = next(each for each in known.store.orders() if each.stage is Stage.SHIPPED)
    assert blocked(known.store, live, now=known.clock()) is Holds.UNDER_WAY
    later = known.clock() + GONE_AFTER + timedelta(days=1)
    assert blocked(known.store, live, now=later) is None


def test_a_case_that_is_opened_between_plan_and_deed_keeps_its_order(known: Rooms, ended: Order) -> None:
    erasing = known.store.erasing()
    plan = plan_forgetting(known.store, erasing, [ended], now=known.clock())
    with known.store.writing() as writing:
        writing.save_case(replace(CASE, order=ended.id))
    forgotten = forget(known.store, erasing, plan, reason=BY_SELLER, clock=known.clock)
    assert forgotten.orders == ()
    assert again(known, ended).title == ended.title
