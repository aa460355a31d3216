"""From what was known and what was read to what happened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.samples import NOW, after, kinds, order, reading, seen, thread, unread
from tests.support.every import every
from watcher.domain.compare import compare, is_cancellation
from watcher.domain.event import EventKind
from watcher.domain.order import first_sight
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Reading
from watcher.domain.stage import Stage

ENDS_WITHOUT_MONEY = (Stage.DECLINED, Stage.EXPIRED, Stage.CANCELLED)


def test_a_new_deal_becomes_an_order_with_everything_that_was_seen():
    deal = seen(Stage.PAID, "offer", title="Lampe", buyer="Jonte", amount_cents=3800, carrier="dhl")
    result = compare([], reading(thread(deal)))
    (found,) = result.orders
    assert kinds(result.events) == [EventKind.ORDER_SEEN]
    assert (found.stage, found.title, found.buyer, found.amount_cents, found.carrier) == (
        Stage.PAID,
        "Lampe",
        "Jonte",
        3800,
        "dhl",
    )
    assert found.first_seen_at == found.last_seen_at == NOW


def test_a_cancellation_is_an_event_that_says_from_where_to_where_and_how_sure():
    known = order(Stage.SHIPPED, "offer")
    result = after([known], thread(seen(Stage.CANCELLED, "offer", reached=Stage.SHIPPED)))
    (event,) = result.events
    assert event.kind is EventKind.ORDER_CANCELLED
    assert event.order == known.id
    assert dict(event.details) == {"from": "shipped", "to": "cancelled", "confidence": "certain"}


@every(
    ("to", "kind"),
    [
        (Stage.SHIPPED, EventKind.STAGE_CHANGED),
        (Stage.CANCELLED, EventKind.ORDER_CANCELLED),
        (Stage.EXPIRED, EventKind.ORDER_CANCELLED),
        (Stage.DECLINED, EventKind.ORDER_CANCELLED),
        (Stage.REFUNDED, EventKind.ORDER_REFUNDED),
        (Stage.DISPUTED, EventKind.ORDER_DISPUTED),
        (Stage.UNKNOWN, EventKind.ORDER_UNKNOWN),
    ],
)
def test_each_change_of_a_paid_order_has_its_own_kind(to, kind):
    """Once money was paid, a sale that expires or is declined is called off."""
    assert kinds(after([order(Stage.PAID, "offer")], thread(seen(to, "offer"))).events) == [kind]


@pytest.mark.parametrize("end", ENDS_WITHOUT_MONEY)
def test_a_request_that_ends_is_no_cancellation(end):
    result = after([order(Stage.REQUESTED, "offer")], thread(seen(end, "offer", reached=Stage.REQUESTED)))
    assert kinds(result.events) == [EventKind.STAGE_CHANGED]
    assert not is_cancellation(result.orders[0])


@pytest.mark.parametrize("end", [Stage.DECLINED, Stage.EXPIRED])
def test_an_accepted_request_that_was_never_paid_is_no_cancellation(end):
    result = after([order(Stage.AWAITING_PAYMENT, "offer")], thread(seen(end, "offer")))
    assert kinds(result.events) == [EventKind.STAGE_CHANGED]


def test_an_accepted_request_that_the_buyer_cancels_is_a_cancellation():
    """Agreed is agreed: the seller may have packed already."""
    result = after([order(Stage.AWAITING_PAYMENT, "offer")], thread(seen(Stage.CANCELLED, "offer")))
    assert kinds(result.events) == [EventKind.ORDER_CANCELLED]


def test_a_withdrawn_request_with_something_unknown_in_it_stays_a_cancellation():
    """The unknown event may have been the payment."""
    known = order(Stage.REQUESTED, "offer")
    deal = seen(Stage.CANCELLED, "offer", reached=Stage.REQUESTED, unknown_events=("PAID_SOMEHOW",))
    assert kinds(after([known], thread(deal)).events) == [
        EventKind.ORDER_CANCELLED,
        EventKind.ORDER_UNKNOWN,
    ]


def test_an_expiry_becomes_a_cancellation_when_the_payment_shows_up_later():
    known = order(Stage.EXPIRED, "offer", reached=Stage.AWAITING_PAYMENT)
    result = after([known], thread(seen(Stage.EXPIRED, "offer", reached=Stage.PAID)))
    assert kinds(result.events) == [EventKind.ORDER_CANCELLED]


def test_an_uncancelled_order_is_told_as_such_and_its_next_cancellation_is_told_again():
    known = order(Stage.CANCELLED, "offer", reached=Stage.PAID)
    back = after([known], thread(seen(Stage.PAID, "offer")))
    again = after(back.orders, thread(seen(Stage.CANCELLED, "offer")))
    assert kinds(back.events) == [EventKind.ORDER_REINSTATED]
    assert kinds(again.events) == [EventKind.ORDER_CANCELLED]


def test_something_unknown_after_a_cancellation_is_told_and_undoes_nothing():
    known = order(Stage.CANCELLED, "offer", reached=Stage.SHIPPED)
    result = after([known], thread(seen(Stage.UNKNOWN, "offer", unknown_events=("NEWS",))))
    assert kinds(result.events) == [EventKind.ORDER_UNKNOWN]
    assert result.orders[0].stage is Stage.CANCELLED
    assert not after(result.orders, thread(seen(Stage.CANCELLED, "offer"))).events


def test_a_refund_stays_a_refund_when_the_page_says_cancelled_again():
    known = order(Stage.REFUNDED, "offer", reached=Stage.SHIPPED)
    result = after([known], thread(seen(Stage.CANCELLED, "offer")))
    assert not result.events
    assert result.orders[0].stage is Stage.REFUNDED


def test_an_unknown_event_in_an_order_that_moves_on_is_told_beside_the_change():
    known = order(Stage.PAID, "offer")
    result = after([known], thread(seen(Stage.SHIPPED, "offer", unknown_events=("NEWS",))))
    assert kinds(result.events) == [EventKind.STAGE_CHANGED, EventKind.ORDER_UNKNOWN]


def test_the_same_unknown_event_is_told_once():
    deal = seen(Stage.UNKNOWN, "offer", unknown_events=("NEWS",))
    first = after([order(Stage.PAID, "offer")], thread(deal))
    assert kinds(first.events) == [EventKind.ORDER_UNKNOWN]
    assert not after(first.orders, thread(deal)).events


def test_what_a_reading_does_not_show_stays_as_it_was():
    known = order(Stage.PAID, "offer", title="Lampe", buyer="Jonte", amount_cents=3800, carrier="dhl")
    known = replace(known, tracking_number="123", pickup=False, ad_id="3")
    (found,) = after([known], thread(seen(Stage.SHIPPED, "offer"))).orders
    assert (found.title, found.buyer, found.amount_cents, found.carrier) == ("Lampe", "Jonte", 3800, "dhl")
    assert (found.tracking_number, found.pickup, found.ad_id) == ("123", False, "3")


def test_the_furthest_stage_is_remembered_when_the_page_no_longer_shows_it():
    known = order(Stage.DELIVERED, "offer")
    (found,) = after([known], thread(seen(Stage.CANCELLED, "offer"))).orders
    assert found.reached is Stage.DELIVERED


# --- which order is meant


def test_an_id_that_an_order_beyond_those_compared_has_is_not_given_again():
    deal = seen(Stage.PAID, "offer-1")
    taken = {compare([], reading(thread(deal))).orders[0].id}
    [order] = compare([], reading(thread(deal)), is_taken=taken.__contains__).orders
    assert order.id not in taken
    assert order.deal_ids == deal.deal_ids


def test_two_buyers_of_one_ad_are_two_orders_and_only_one_is_cancelled():
    erika = seen(Stage.PAID, "offer-1", conversation="a:1", ad_id="7")
    jonte = seen(Stage.REQUESTED, "offer-2", conversation="a:2", ad_id="7")
    first = compare([], reading(thread(erika, conversation="a:1"), thread(jonte, conversation="a:2")))
    second = after(
        first.orders,
        thread(replace(erika, stage=Stage.CANCELLED), conversation="a:1"),
        thread(replace(jonte, stage=Stage.DECLINED), conversation="a:2"),
    )
    assert len(first.orders) == 2
    told = {event.kind: event.order for event in second.events}
    assert told[EventKind.ORDER_CANCELLED] == first.orders[0].id
    assert told[EventKind.STAGE_CHANGED] == first.orders[1].id


def test_the_same_buyer_buying_again_in_the_thread_is_a_second_order():
    known = order(Stage.PAID_OUT, "offer-1")
    result = after([known], thread(seen(Stage.PAID_OUT, "offer-1"), seen(Stage.REQUESTED, "offer-2")))
    assert kinds(result.events) == [EventKind.ORDER_SEEN]
    assert [found.stage for found in result.orders] == [Stage.PAID_OUT, Stage.REQUESTED]


def test_a_second_order_is_cancelled_and_the_first_one_keeps_its_end():
    orders = after([], thread(seen(Stage.PAID_OUT, "offer-1"), seen(Stage.SHIPPED, "offer-2"))).orders
    result = after(orders, thread(seen(Stage.PAID_OUT, "offer-1"), seen(Stage.CANCELLED, "offer-2")))
    assert kinds(result.events) == [EventKind.ORDER_CANCELLED]
    assert result.events[0].order == next(found.id for found in orders if "offer-2" in found.deal_ids)


def test_an_order_without_ids_takes_on_those_that_appear_later():
    first = compare([], reading(thread(seen(Stage.PAID))))
    second = after(first.orders, thread(seen(Stage.PAID, "offer", "payment")))
    assert not second.events
    assert second.orders[0].deal_ids == {"offer", "payment"}
    assert second.orders[0].id == first.orders[0].id


def test_a_reading_without_ids_finds_the_live_order_of_the_thread():
    orders = after([], thread(seen(Stage.PAID_OUT, "offer-1"), seen(Stage.SHIPPED, "offer-2"))).orders
    result = after(orders, thread(seen(Stage.CANCELLED, reached=Stage.SHIPPED)))
    assert kinds(result.events)[0] is EventKind.ORDER_CANCELLED
    assert result.events[0].order == next(found.id for found in orders if "offer-2" in found.deal_ids)


def test_a_new_deal_without_ids_does_not_take_the_place_of_the_known_one():
    known = order(Stage.CANCELLED, "offer-1", reached=Stage.PAID)
    result = after([known], thread(seen(Stage.CANCELLED, reached=Stage.PAID), seen(Stage.REQUESTED)))
    assert kinds(result.events) == [EventKind.ORDER_SEEN]
    assert {found.stage for found in result.orders} == {Stage.CANCELLED, Stage.REQUESTED}


def test_a_known_deal_that_ends_is_not_confused_with_the_new_one_after_it():
    known = order(Stage.SHIPPED, "offer-1")
    result = after([known], thread(seen(Stage.CANCELLED, reached=Stage.SHIPPED), seen(Stage.REQUESTED)))
    assert sorted(kinds(result.events)) == [EventKind.ORDER_CANCELLED, EventKind.ORDER_SEEN]


@pytest.mark.parametrize("stages", [(Stage.DECLINED, Stage.CANCELLED), (Stage.CANCELLED, Stage.DECLINED)])
def test_deals_without_ids_are_recognised_when_they_are_seen_again(stages):
    """They have nothing but their place and their stage."""
    deals = thread(*(seen(stage, reached=Stage.AWAITING_PAYMENT) for stage in stages))
    first = compare([], reading(deals))
    assert len(first.orders) == 2
    assert not after(first.orders, deals).events


def test_deals_that_share_their_smallest_id_are_both_kept():
    deals = (seen(Stage.PAID, "0", "1"), seen(Stage.SHIPPED, "0", "2"))
    result = compare([], reading(thread(*deals)))
    assert len({found.id for found in result.orders}) == len(result.orders) == 2


@pytest.mark.parametrize("letters", ["pq", "qp"])
def test_of_two_orders_with_the_same_id_the_same_one_is_found_again(letters):
    """It must not hang on which of them is live just now."""
    apart = after([], thread(*(seen(Stage.REQUESTED, letter, "x") for letter in letters))).orders
    result = after(apart, thread(seen(Stage.AWAITING_PAYMENT, "x")))
    assert kinds(result.events) == [EventKind.STAGE_CHANGED]
    again = compare(result.orders, reading(thread(seen(Stage.AWAITING_PAYMENT, "x"))))
    assert EventKind.STAGE_CHANGED not in kinds(again.events)


def test_the_same_deal_has_the_same_id_on_two_machines():
    deal = seen(Stage.PAID, "offer", "payment")
    here = first_sight(deal, account="main", at=NOW)
    there = first_sight(replace(deal, stage=Stage.SHIPPED), account="main", at=NOW + timedelta(days=1))
    assert here.id == there.id


def test_accounts_and_conversations_never_share_an_order():
    names = {
        first_sight(seen(Stage.PAID, "offer", conversation=conversation), account=account, at=NOW).id
        for account in ("main", "shop")
        for conversation in ("a:b:c", "a:b:d")
    }
    assert len(names) == 4


# --- the first check


@pytest.mark.parametrize(
    "end", [Stage.PAID_OUT, Stage.DECLINED, Stage.EXPIRED, Stage.CANCELLED, Stage.REFUNDED]
)
def test_old_ended_orders_are_taken_in_quietly(end):
    deal = seen(end, "offer", reached=Stage.AWAITING_PAYMENT, stage_at=NOW - timedelta(days=15))
    assert kinds(compare([], reading(thread(deal))).events) == [EventKind.ORDER_SEEN]


def test_a_cancellation_of_the_last_fortnight_is_told_at_first_sight():
    deal = seen(Stage.CANCELLED, "offer", reached=Stage.PAID, stage_at=NOW - timedelta(days=14))
    assert EventKind.ORDER_CANCELLED in kinds(compare([], reading(thread(deal))).events)


def test_a_refund_of_the_last_fortnight_is_told_at_first_sight():
    deal = seen(Stage.REFUNDED, "offer", reached=Stage.DELIVERED, stage_at=NOW - timedelta(days=1))
    assert EventKind.ORDER_REFUNDED in kinds(compare([], reading(thread(deal))).events)


@pytest.mark.parametrize(
    "known",
    [{"reached": Stage.SHIPPED}, {"reached": None}, {"reached": Stage.PAID, "unknown_events": ("NEWS",)}],
    ids=["shipped", "nothing known", "something unknown"],
)
def test_an_old_cancellation_whose_goods_may_be_on_the_way_is_told_at_first_sight(known):
    deal = seen(Stage.CANCELLED, "offer", stage_at=NOW - timedelta(days=300), **known)
    assert EventKind.ORDER_CANCELLED in kinds(compare([], reading(thread(deal))).events)


def test_an_old_cancellation_after_delivery_is_taken_in_quietly():
    deal = seen(Stage.CANCELLED, "offer", reached=Stage.DELIVERED, stage_at=NOW - timedelta(days=300))
    assert kinds(compare([], reading(thread(deal))).events) == [EventKind.ORDER_SEEN]


def test_a_cancellation_without_a_date_is_told_at_first_sight():
    deal = seen(Stage.CANCELLED, "offer", reached=Stage.DELIVERED)
    assert EventKind.ORDER_CANCELLED in kinds(compare([], reading(thread(deal))).events)


def test_a_dispute_is_told_at_first_sight():
    deal = seen(Stage.DISPUTED, "offer", stage_at=NOW - timedelta(days=40))
    assert kinds(compare([], reading(thread(deal))).events) == [
        EventKind.ORDER_SEEN,
        EventKind.ORDER_DISPUTED,
    ]


def test_an_unknown_event_is_told_at_first_sight():
    deal = seen(Stage.UNKNOWN, "offer", unknown_events=("NEWS",))
    assert EventKind.ORDER_UNKNOWN in kinds(compare([], reading(thread(deal))).events)


# --- what is not there


@every("stage", [stage for stage in Stage if not stage.is_ended])
def test_a_shorter_list_that_is_not_complete_says_nothing_about_an_order(stage):
    known = order(stage, "offer")
    result = compare([known], reading(listed=(), complete=False))
    assert result.orders == (known,)
    assert not result.events


@every("stage", list(Stage))
def test_an_empty_complete_list_ends_no_order(stage):
    known = order(stage, "offer")
    for _ in range(5):
        (known,) = compare([known], reading(listed=())).orders
    assert known.stage is stage


@every("outcome", [outcome for outcome in Outcome if not outcome.was_read])
def test_a_wall_changes_no_order(outcome):
    known = order(Stage.PAID, "offer")
    result = compare([known], unread(outcome))
    assert result.orders == (known,)
    assert not result.events


def test_a_missing_order_is_told_at_once_confirmed_once_and_then_left_in_silence():
    orders, told = (order(Stage.PAID, "offer"),), []
    for _ in range(5):
        result = compare(orders, reading(listed=("x:y:z",)))
        orders = result.orders
        told.append(kinds(result.events))
    assert told == [[EventKind.ORDER_MISSING], [EventKind.ORDER_STILL_MISSING], [], [], []]


def test_an_ended_order_is_never_missing():
    known = order(Stage.PAID_OUT, "offer")
    assert not compare([known], reading(listed=())).events


def test_a_missing_order_that_is_seen_again_is_found():
    (known,) = compare([order(Stage.PAID, "offer")], reading(listed=())).orders
    result = after([known], thread(seen(Stage.PAID, "offer")))
    assert kinds(result.events) == [EventKind.ORDER_FOUND_AGAIN]
    assert result.orders[0].missing_checks == 0


def test_a_missing_order_that_comes_back_cancelled_is_found_and_cancelled():
    (known,) = compare([order(Stage.PAID, "offer")], reading(listed=())).orders
    result = after([known], thread(seen(Stage.CANCELLED, "offer")))
    assert kinds(result.events) == [EventKind.ORDER_FOUND_AGAIN, EventKind.ORDER_CANCELLED]


def test_a_missing_request_is_found_with_its_row_because_nobody_opens_its_thread():
    (known,) = compare([order(Stage.REQUESTED, "offer")], reading(listed=())).orders
    result = compare([known], reading(listed=("a:b:c",)))
    assert kinds(result.events) == [EventKind.ORDER_FOUND_AGAIN]
    assert kinds(compare(result.orders, reading(listed=())).events) == [EventKind.ORDER_MISSING]


def test_the_row_of_a_missing_live_order_does_not_prove_that_the_deal_is_there():
    (known,) = compare([order(Stage.PAID, "offer")], reading(thread())).orders
    result = compare([known], reading(listed=("a:b:c",)))
    assert result.orders[0].missing_checks == 1
    assert not result.events


def test_a_live_order_that_its_own_thread_no_longer_shows_is_missing():
    result = after([order(Stage.SHIPPED, "offer")], thread())
    assert kinds(result.events) == [EventKind.ORDER_MISSING]
    assert result.orders[0].stage is Stage.SHIPPED


def test_an_order_that_its_thread_shows_is_there_whatever_the_list_says():
    known = order(Stage.PAID, "offer")
    result = compare([known], reading(thread(seen(Stage.PAID, "offer")), listed=()))
    assert not result.events
    assert result.orders[0].missing_checks == 0


def test_a_reading_without_a_list_says_nothing_about_orders_it_did_not_open():
    known = order(Stage.PAID, "offer", conversation="x:y:z")
    result = compare([known], Reading(account="main", taken_at=NOW, outcome=Outcome.PARTIAL))
    assert result.orders == (known,)


def test_an_event_names_the_order_it_touches():
    result = after([order(Stage.PAID, "offer")], thread(seen(Stage.SHIPPED, "offer")))
    assert result.touched == {result.orders[0].id}
