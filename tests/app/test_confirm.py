"""The seller's word on what was read."""

import pytest

from tests.support.clock import Clock
from tests.support.rooms import Rooms
from watcher.app.confirm import confirm
from watcher.domain.alert import AlertKind
from watcher.domain.confidence import Confidence
from watcher.domain.event import EventKind
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.wording import WordKind
from watcher.errors import UsageError
from watcher.pages.lore import Lore
from watcher.pages.wording import vocabulary_of


def order_of(rooms: Rooms, deal: str) -> Order:
    conversation = rooms.visitor.conversation(deal)
    return next(order for order in rooms.store.orders() if order.conversation == conversation)


def check_again(rooms: Rooms):
    """A check whose readers know what the seller confirmed."""
    rooms.clock.forward(minutes=20)
    return rooms.check(lore=Lore(vocabulary=vocabulary_of(rooms.store.own_words("main"))))


def test_a_confirmed_cancellation_is_certain_from_then_on(cancelled: Rooms, clock: Clock) -> None:
    before = order_of(cancelled, "friteuse")
    assert before.confidence is Confidence.LIKELY
    done = confirm(cancelled.store, before.id, stage=None, clock=clock)
    assert {word.kind for word in done.taught} == {WordKind.TYPE, WordKind.HEADING}
    check_again(cancelled)
    after = order_of(cancelled, "friteuse")
    assert (after.stage, after.confidence) == (Stage.CANCELLED, Confidence.CERTAIN)


def test_confirming_changes_no_stage_and_brings_no_event(cancelled: Rooms, clock: Clock) -> None:
    confirm(cancelled.store, order_of(cancelled, "friteuse").id, stage=None, clock=clock)
    assert not check_again(cancelled).plan.events


def test_a_cancellation_that_was_none_closes_its_case_and_silences_its_reminders(
    cancelled: Rooms, clock: Clock
) -> None:
    order = order_of(cancelled, "friteuse")
    [case] = [case for case in cancelled.store.cases() if case.order == order.id]
    done = confirm(cancelled.store, order.id, stage=Stage.SHIPPED, clock=clock)
    assert done.closed_case == case.id
    assert not [case for case in cancelled.store.cases() if case.is_open]
    waiting = [entry for entry in cancelled.store.outbox() if entry.alert.case == case.id]
    assert all(entry.dropped_at or entry.sent_at for entry in waiting)
    assert order_of(cancelled, "friteuse").stage is Stage.SHIPPED
    assert not check_again(cancelled).plan.events


def test_a_word_that_means_something_unknown_asks_a_person_at_the_next_check(
    cancelled: Rooms, clock: Clock
) -> None:
    confirm(cancelled.store, order_of(cancelled, "friteuse").id, stage=Stage.UNKNOWN, clock=clock)
    report = check_again(cancelled)
    assert EventKind.ORDER_UNKNOWN in {event.kind for event in report.plan.events}
    assert AlertKind.ORDER_UNKNOWN in {alert.kind for alert in report.plan.alerts}


def test_a_later_answer_replaces_an_earlier_one(cancelled: Rooms, clock: Clock) -> None:
    order = order_of(cancelled, "friteuse")
    confirm(cancelled.store, order.id, stage=Stage.SHIPPED, clock=clock)
    clock.forward(minutes=1)
    confirm(cancelled.store, order.id, stage=Stage.CANCELLED, clock=clock)
    assert {word.stage for word in cancelled.store.own_words("main")} == {Stage.CANCELLED}


def test_what_is_confirmed_stands_in_the_ledger_without_any_word_of_the_site(
    cancelled: Rooms, clock: Clock
) -> None:
    order = order_of(cancelled, "friteuse")
    confirm(cancelled.store, order.id, stage=None, clock=clock)
    last = cancelled.ledger()[-1]
    assert (last["kind"], last["order"]) == ("confirmed", order.id)
    assert last["facts"] == {"read": "cancelled", "meant": "cancelled"}


def test_another_readers_mistake_is_not_taught(known: Rooms, clock: Clock) -> None:
    """The event type says one thing and the heading another: a yes to the worse one says nothing about the better."""
    known.shop.happen("friteuse", "DELIVERED", title="Der Kauf wurde storniert")
    known.check()
    order = order_of(known, "friteuse")
    assert (order.stage, order.confidence) == (Stage.CANCELLED, Confidence.UNSURE)
    done = confirm(known.store, order.id, stage=None, clock=clock)
    assert [word.kind for word in done.taught] == [WordKind.HEADING]


def test_an_unknown_order_id_is_wrong_usage(known: Rooms, clock: Clock) -> None:
    with pytest.raises(UsageError, match="ozzz"):
        confirm(known.store, "ozzz", stage=None, clock=clock)


def test_nobody_can_say_yes_to_what_was_not_understood(known: Rooms, clock: Clock) -> None:
    known.shop.happen("friteuse", "DELIVERED", type_override="SOMETHING_NEW", title="Neues", text="Neues.")
    known.check()
    order = order_of(known, "friteuse")
    assert order.stage is Stage.UNKNOWN
    with pytest.raises(UsageError, match=order.id):
        confirm(known.store, order.id, stage=None, clock=clock)
    confirm(known.store, order.id, stage=Stage.DELIVERED, clock=clock)
    check_again(known)
    after = order_of(known, "friteuse")
    assert (after.stage, after.confidence) == (Stage.DELIVERED, Confidence.CERTAIN)


def test_every_check_leaves_the_words_that_it_met_with_how_sure_each_is(known: Rooms) -> None:
    words = known.store.words("main")
    assert {word.kind for word in words} == {WordKind.TYPE, WordKind.HEADING}
    assert any(word.is_known for word in words)
    assert any(not word.is_known and word.is_understood for word in words)
