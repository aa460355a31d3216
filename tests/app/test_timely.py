"""What follows because time has passed: once each, by day, and only where something is due."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.app.test_deliver import at_once
from tests.support.clock import Clock
from tests.support.rooms import PACE, FakePostman, Rooms
from watcher.app.case_book import CaseRules
from watcher.app.deliver import deliver_due
from watcher.app.nights import remember_night, remembered_nights
from watcher.app.round import RoundRules, deliver_round, queue_news_of_time
from watcher.app.seller import acknowledge, close_case, mark_done, seller_saw
from watcher.app.ship_by import promise_of
from watcher.app.timely import SellerWays, follow_time, queue_timely
from watcher.carriers.window import window_of
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

RULES = CaseRules(window_of=window_of)
CHANNELS = ["email"]


def go_to(rooms: Rooms, day: int, clock: str) -> None:
    """Go on to that day of November and that German time."""
    at = datetime.combine(datetime(2026, 11, day), time.fromisoformat(clock), tzinfo=BERLIN)
    rooms.clock.now = at.astimezone(UTC)


def follow(rooms: Rooms) -> list[Case]:
    return follow_time(rooms.store, rules=RULES, channels=CHANNELS, clock=rooms.clock)


def told(rooms: Rooms, **ways: object) -> list[Alert]:
    follow(rooms)
    return queue_timely(
        rooms.store,
        accounts=["main"],
        rules=RULES,
        seller=SellerWays(**ways),  # type: ignore[arg-type]
        channels=CHANNELS,
        clock=rooms.clock,
    )


def deliver(rooms: Rooms) -> list[Alert]:
    postman = FakePostman("email")
    deliver_due(rooms.store, postman, clock=rooms.clock)
    return [entry.alert for entry in postman.taken]


def only_case(rooms: Rooms) -> Case:
    (case,) = rooms.store.cases()
    return case


def done(rooms: Rooms, *steps: str) -> None:
    for step in steps:
        mark_done(rooms.store, only_case(rooms).id, step, rules=RULES, clock=rooms.clock)


@pytest.fixture
def acknowledged(cancelled: Rooms) -> Rooms:
    """The shipped order was cancelled on Sunday at 13:20; the seller has acknowledged it, and asked buyer and carrier."""
    follow(cancelled)
    acknowledge(cancelled.store, only_case(cancelled).id, clock=cancelled.clock)
    done(cancelled, "ask_buyer_to_refuse", "ask_carrier")
    deliver(cancelled)
    return cancelled


def state(rooms: Rooms) -> tuple[object, ...]:
    return (
        [line.text for line in rooms.store.ledger()],
        [(entry.alert, entry.dropped_at) for entry in rooms.store.outbox()],
        rooms.store.cases(),
    )


# --- steps


def test_a_step_is_told_at_its_time_once_and_in_the_order_of_the_case(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "08:59")
    assert told(acknowledged) == []
    go_to(acknowledged, 23, "09:00")
    [alert] = told(acknowledged)
    assert (alert.kind, alert.details) == (AlertKind.STEP_DUE, (("step", "tell_support"),))
    assert told(acknowledged) == []
    assert [entry.alert for entry in acknowledged.store.outbox()].count(alert) == 1


def test_a_restart_forgets_nothing_that_was_told(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "09:00")
    assert told(acknowledged)
    other = acknowledged.second_store()
    again = queue_timely(
        other,
        accounts=["main"],
        rules=RULES,
        seller=SellerWays(),
        channels=CHANNELS,
        clock=acknowledged.clock,
    )
    other.close()
    assert again == []


def test_a_clock_that_jumps_to_and_fro_tells_nothing_twice(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "10:00")
    keys = [alert.key for alert in told(acknowledged)]
    for day, clock in ((20, "10:00"), (23, "10:05"), (22, "14:30"), (23, "10:10")):
        go_to(acknowledged, day, clock)
        keys += [alert.key for alert in told(acknowledged)]
    assert len(keys) == len(set(keys)) == 1


def test_after_a_week_of_sleep_one_letter_tells_of_all_that_came_due(acknowledged: Rooms) -> None:
    go_to(acknowledged, 29, "03:00")
    assert told(acknowledged) == []
    go_to(acknowledged, 29, "08:10")
    [alert] = told(acknowledged)
    named = [value for name, value in alert.details if name == "step"]
    assert named[0] == "request_shows"
    assert set(named) >= {"tell_support", "keep_proof"}
    assert told(acknowledged) == []


def test_a_request_that_does_not_show_is_followed_up(acknowledged: Rooms) -> None:
    """DHL's window closes at four in the morning; by eight in the evening the request must show."""
    go_to(acknowledged, 23, "09:00")
    told(acknowledged)
    go_to(acknowledged, 23, "20:00")
    alerts = told(acknowledged)
    assert ("step", "request_shows") in {detail for alert in alerts for detail in alert.details}
    look = only_case(acknowledged).step("look_at_tracking")
    assert look is not None
    assert look.is_open
    go_to(acknowledged, 24, "09:00")
    assert ("step", "look_at_tracking") in told(acknowledged)[0].details


def test_the_refund_that_is_not_seen_brings_the_step_to_ask_for_it(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(minutes=20)
    rooms.shop.happen("lampe", "BUYER_CANCELLED")
    rooms.check()
    acknowledge(rooms.store, only_case(rooms).id, clock=rooms.clock)
    done(rooms, "do_not_hand_in", "ask_buyer")
    go_to(rooms, 29, "13:30")
    assert told(rooms) == []
    assert only_case(rooms).step("ask_about_refund") is not None, "the seller may ask already"
    rooms.check()
    [alert] = told(rooms)
    assert alert.details == (("step", "refund_seen"),)
    go_to(rooms, 30, "13:00")
    rooms.check()
    assert told(rooms) == []


def test_an_unacknowledged_case_is_left_to_its_reminders(cancelled: Rooms) -> None:
    go_to(cancelled, 25, "10:00")
    assert told(cancelled) == []


def test_a_closed_case_tells_nothing_more(acknowledged: Rooms) -> None:
    close_case(acknowledged.store, only_case(acknowledged).id, clock=acknowledged.clock)
    go_to(acknowledged, 29, "10:00")
    assert told(acknowledged) == []


def test_an_urgent_step_that_was_acknowledged_and_not_done_is_told_in_the_evening(cancelled: Rooms) -> None:
    follow(cancelled)
    acknowledge(cancelled.store, only_case(cancelled).id, clock=cancelled.clock)
    go_to(cancelled, 22, "20:00")
    [alert] = told(cancelled)
    assert ("step", "ask_carrier") in alert.details
    assert alert.critical


def test_two_programs_that_look_at_once_tell_each_thing_once(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "09:00")

    def look() -> None:
        store = acknowledged.second_store()
        queue_timely(
            store,
            accounts=["main"],
            rules=RULES,
            seller=SellerWays(),
            channels=CHANNELS,
            clock=acknowledged.clock,
        )
        store.close()

    at_once(*[look] * 4)
    due = [entry for entry in acknowledged.store.outbox() if entry.alert.kind is AlertKind.STEP_DUE]
    assert len(due) == 1


def test_where_nothing_is_due_nothing_is_written(acknowledged: Rooms) -> None:
    go_to(acknowledged, 22, "16:00")
    told(acknowledged)
    before = state(acknowledged)
    writes = acknowledged.store._connection.total_changes
    for minute in range(60):
        go_to(acknowledged, 22, f"16:{minute:02}")
        assert told(acknowledged) == []
    assert state(acknowledged) == before
    assert acknowledged.store._connection.total_changes == writes


# --- what waits, and has become pointless


def test_a_step_that_was_done_while_its_word_waited_is_not_told(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "09:00")
    told(acknowledged)
    done(acknowledged, "tell_support")
    assert deliver(acknowledged) == []
    assert acknowledged.store.outbox()[0].dropped_at == acknowledged.clock()


def test_a_word_of_several_steps_goes_out_while_one_of_them_is_open(acknowledged: Rooms) -> None:
    go_to(acknowledged, 29, "10:00")
    told(acknowledged)
    done(acknowledged, "tell_support")
    assert [alert.kind for alert in deliver(acknowledged)] == [AlertKind.STEP_DUE]


def test_a_step_that_new_facts_dropped_while_its_word_waited_is_not_told(acknowledged: Rooms) -> None:
    done(acknowledged, "tell_support", "keep_proof")
    go_to(acknowledged, 23, "20:00")
    assert [alert.details for alert in told(acknowledged)] == [(("step", "request_shows"),)]
    with acknowledged.store.writing() as writing:
        order = next(
            order for order in acknowledged.store.orders() if order.id == only_case(acknowledged).order
        )
        writing.save_sighting(seller_saw(order, Milestone.RETURNING, at=acknowledged.clock()))
    follow(acknowledged)
    assert deliver(acknowledged) == []


def test_what_was_dropped_is_not_told_a_second_time(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "09:00")
    told(acknowledged)
    close_case(acknowledged.store, only_case(acknowledged).id, clock=acknowledged.clock)
    deliver(acknowledged)
    assert told(acknowledged) == []
    assert deliver(acknowledged) == []


# --- cases follow the time


def test_a_window_that_has_passed_moves_to_the_next_night_without_a_word_in_the_ledger(
    cancelled: Rooms,
) -> None:
    follow(cancelled)
    lines = cancelled.ledger_kinds()
    go_to(cancelled, 23, "04:01")
    [case] = follow(cancelled)
    assert case.step("ask_carrier").due_at.astimezone(BERLIN).isoformat() == "2026-11-24T04:00:00+01:00"  # type: ignore[union-attr]
    assert only_case(cancelled) == case
    assert cancelled.ledger_kinds() == lines


def test_a_step_that_time_brings_is_planned_with_one_line_in_the_ledger(acknowledged: Rooms) -> None:
    count = acknowledged.ledger_kinds().count("case_planned")
    go_to(acknowledged, 23, "20:01")
    assert [case.step("look_at_tracking") is not None for case in follow(acknowledged)] == [True]
    assert acknowledged.ledger_kinds().count("case_planned") == count + 1
    assert follow(acknowledged) == []


@pytest.mark.slow
def test_a_week_of_minutes_changes_a_case_a_handful_of_times(cancelled: Rooms) -> None:
    follow(cancelled)
    changes = 0
    for _ in range(7 * 24 * 4):
        cancelled.clock.forward(minutes=15)
        changes += len(follow(cancelled))
    assert changes == 6, "the window moves on every morning from Monday to Saturday"


def test_a_case_whose_end_was_learnt_before_anybody_planned_it_anew_is_told_once(acknowledged: Rooms) -> None:
    """A program that was killed between the two, for instance."""
    order = next(order for order in acknowledged.store.orders() if order.id == only_case(acknowledged).order)
    with acknowledged.store.writing() as writing:
        writing.save_sighting(seller_saw(order, Milestone.RETURNED, at=acknowledged.clock()))
        writing.save_orders([replace(order, stage=Stage.REFUNDED)])
    acknowledged.clock.forward(hours=3)
    assert [case.ending for case in follow(acknowledged)] == [Ending.RETURNED_AND_REFUNDED]
    assert [alert.kind for alert in deliver(acknowledged)] == [AlertKind.CASE_CLOSED]
    assert follow(acknowledged) == []


def test_without_a_channel_cases_follow_and_nothing_counts_as_told(acknowledged: Rooms) -> None:
    go_to(acknowledged, 23, "20:00")
    rules = RoundRules(accounts=["main"], pace=PACE, cases=RULES)
    queue_news_of_time(acknowledged.store, rules=rules, channels=[], clock=acknowledged.clock)
    assert only_case(acknowledged).step("look_at_tracking") is not None
    assert [alert.kind for alert in told(acknowledged)] == [AlertKind.STEP_DUE]


# --- late money


def late(rooms: Rooms, order_id: str, stage: Stage, *, since: datetime) -> Order:
    order = next(order for order in rooms.store.orders() if order.id.startswith(order_id))
    order = replace(order, stage=stage, stage_at=since, last_seen_at=rooms.clock())
    with rooms.store.writing() as writing:
        writing.save_orders([order])
    return order


def test_a_pay_out_that_does_not_come_is_told_once(known: Rooms) -> None:
    order = known.store.orders()[0]
    go_to(known, 30, "12:00")
    late(known, order.id, Stage.RECEIVED, since=known.clock() - timedelta(days=7))
    [alert] = told(known)
    assert (alert.kind, alert.order) == (AlertKind.PAYOUT_OVERDUE, order.id)
    known.clock.forward(hours=2)
    assert told(known) == []
    assert [alert.kind for alert in deliver(known)] == [AlertKind.PAYOUT_OVERDUE]


def test_a_pay_out_that_came_while_its_word_waited_is_not_told_as_late(known: Rooms) -> None:
    order = known.store.orders()[0]
    go_to(known, 30, "12:00")
    late(known, order.id, Stage.RECEIVED, since=known.clock() - timedelta(days=7))
    told(known)
    late(known, order.id, Stage.PAID_OUT, since=known.clock())
    assert deliver(known) == []


def test_the_orders_of_an_account_that_was_taken_out_of_the_config_are_left_alone(known: Rooms) -> None:
    go_to(known, 30, "12:00")
    late(known, known.store.orders()[0].id, Stage.RECEIVED, since=known.clock() - timedelta(days=7))
    alerts = queue_timely(
        known.store, accounts=[], rules=RULES, seller=SellerWays(hand_in=time(13)), channels=CHANNELS,
        clock=known.clock,
    )  # fmt: skip
    assert alerts == []


# --- the night


def nights(rooms: Rooms, first: int, last: int, *, awake: bool) -> None:
    """The daemon ran from that day on; by night the machine was awake, or not."""
    for day in range(first, last + 1):
        since = datetime(2026, 11, first if awake else day, 10 if not awake else 0, tzinfo=BERLIN).astimezone(
            UTC
        )
        go_to(rooms, day, "12:00")
        remember_night(rooms.store, awake_since=since, clock=rooms.clock)


def test_in_the_evening_a_machine_that_sleeps_at_night_is_told_that_this_one_decides(
    cancelled: Rooms,
) -> None:
    nights(cancelled, 18, 22, awake=False)
    go_to(cancelled, 22, "19:10")
    [alert] = told(cancelled)
    assert alert.kind is AlertKind.NIGHT_WATCH
    assert alert.details[0] == ("closes", "2026-11-23T03:00:00+00:00")
    go_to(cancelled, 22, "21:00")
    assert told(cancelled) == []
    assert [alert.kind for alert in deliver(cancelled)][-1] is AlertKind.NIGHT_WATCH


def test_every_night_that_may_decide_has_its_own_word(cancelled: Rooms) -> None:
    nights(cancelled, 18, 22, awake=False)
    go_to(cancelled, 22, "19:10")
    keys = [alert.key for alert in told(cancelled)]
    nights(cancelled, 23, 23, awake=False)
    go_to(cancelled, 23, "19:10")
    keys += [alert.key for alert in told(cancelled)]
    assert [key.rsplit("/", 1)[1] for key in keys] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(("first", "awake"), [(18, True), (22, False)])
def test_of_a_machine_that_is_awake_or_unknown_nothing_is_claimed(
    cancelled: Rooms, first: int, *, awake: bool
) -> None:
    nights(cancelled, first, 22, awake=awake)
    go_to(cancelled, 22, "19:10")
    assert told(cancelled) == []


def test_the_word_of_the_night_speaks_of_the_carrier_so_that_no_second_letter_does(cancelled: Rooms) -> None:
    follow(cancelled)
    acknowledge(cancelled.store, only_case(cancelled).id, clock=cancelled.clock)
    done(cancelled, "ask_buyer_to_refuse")
    nights(cancelled, 18, 22, awake=False)
    go_to(cancelled, 22, "19:10")
    assert [alert.kind for alert in told(cancelled)] == [AlertKind.NIGHT_WATCH]
    for clock in ("20:00", "21:59", "23:00"):
        go_to(cancelled, 22, clock)
        assert told(cancelled) == []


def test_a_word_that_could_not_be_delivered_before_the_window_closed_says_nothing_any_more(
    cancelled: Rooms,
) -> None:
    nights(cancelled, 18, 22, awake=False)
    go_to(cancelled, 22, "19:10")
    told(cancelled)
    go_to(cancelled, 23, "07:00")
    assert AlertKind.NIGHT_WATCH not in {alert.kind for alert in deliver(cancelled)}


def test_the_memory_of_nights_is_written_only_when_it_changes(cancelled: Rooms) -> None:
    go_to(cancelled, 22, "12:00")
    begun = cancelled.clock()
    remember_night(cancelled.store, awake_since=begun, clock=cancelled.clock)
    writes = cancelled.store._connection.total_changes
    for _ in range(500):
        cancelled.clock.forward(minutes=1)
        remember_night(cancelled.store, awake_since=begun, clock=cancelled.clock)
    assert cancelled.store._connection.total_changes == writes


@pytest.mark.parametrize(
    "value", ["", "{", "[]", "3", '{"since": "tomorrow"}', '{"since": null, "last": null, "awake": 1}']
)
def test_a_memory_of_nights_that_cannot_be_read_is_begun_anew(cancelled: Rooms, value: str) -> None:
    with cancelled.store.writing() as writing:
        writing.save_remembered("nights", value)
    remember_night(cancelled.store, awake_since=cancelled.clock(), clock=cancelled.clock)
    assert remembered_nights(cancelled.store).since == cancelled.clock().astimezone(BERLIN).date()
    assert json.loads(cancelled.store.remembered("nights") or "")["awake"] == {}


# --- the hand-in


def paid_orders(rooms: Rooms) -> list[Order]:
    return [order for order in rooms.store.orders() if order.stage is Stage.PAID]


def handed_in(rooms: Rooms, order: Order) -> None:
    with rooms.store.writing() as writing:
        writing.save_sighting(seller_saw(order, Milestone.HANDED_IN, at=rooms.clock()))


def test_before_the_hand_in_the_paid_orders_are_told_once_a_day(known: Rooms) -> None:
    assert paid_orders(known)
    days = []
    for day in (23, 24):
        for clock in ("14:59", "15:00", "16:30"):
            go_to(known, day, clock)
            days += [
                (day, clock)
                for alert in told(known, hand_in=time(17))
                if alert.kind is AlertKind.HAND_IN_SOON
            ]
    assert days == [(23, "15:00"), (24, "15:00")]


def test_without_a_usual_time_or_on_a_day_of_rest_no_hand_in_is_told(known: Rooms) -> None:
    go_to(known, 23, "15:30")
    assert told(known) == []
    go_to(known, 29, "15:30")
    assert told(known, hand_in=time(17)) == []


def test_what_was_handed_in_cancelled_or_is_picked_up_waits_for_nothing(known: Rooms) -> None:
    go_to(known, 23, "15:30")
    first, *others = paid_orders(known)
    handed_in(known, first)
    with known.store.writing() as writing:
        writing.save_orders([replace(order, pickup=True) for order in others])
    assert told(known, hand_in=time(17)) == []


def test_an_order_that_was_handed_in_while_the_word_waited_is_not_told(known: Rooms) -> None:
    go_to(known, 23, "15:30")
    told(known, hand_in=time(17))
    for order in paid_orders(known):
        handed_in(known, order)
    assert AlertKind.HAND_IN_SOON not in {alert.kind for alert in deliver(known)}


def test_a_word_that_comes_after_the_hand_in_is_none(known: Rooms) -> None:
    go_to(known, 23, "15:30")
    told(known, hand_in=time(17))
    go_to(known, 23, "17:00")
    assert AlertKind.HAND_IN_SOON not in {alert.kind for alert in deliver(known)}


# --- until when a parcel should leave


def date_by_page(rooms: Rooms, day: int | None) -> Order:
    """One paid order alone waits, paid on Friday the 20th; its page names that day of November, or none."""
    first, *others = paid_orders(rooms)
    at = datetime(2026, 11, 20, 10, tzinfo=BERLIN).astimezone(UTC)
    until = None if day is None else datetime(2026, 11, day, 23, 59, 59, tzinfo=BERLIN).astimezone(UTC)
    first = replace(first, paid_at=at, stage_at=at, ship_by=until)
    with rooms.store.writing() as writing:
        writing.save_orders([first, *(replace(order, pickup=True) for order in others)])
    return first


def ship_words(rooms: Rooms, **ways: object) -> list[tuple[AlertKind, str]]:
    about = {AlertKind.SHIP_BY_NEAR, AlertKind.SHIP_BY_OVER, AlertKind.HAND_IN_SOON}
    day = f"{rooms.clock().astimezone(BERLIN):%d. %H:%M}"
    return [(alert.kind, day) for alert in told(rooms, **ways) if alert.kind in about]


def days_of(rooms: Rooms, first: int, last: int, **ways: object) -> list[tuple[AlertKind, str]]:
    """Everything that is told when a round comes every hour of these days."""
    words = []
    for day in range(first, last + 1):
        for hour in range(24):
            go_to(rooms, day, f"{hour:02}:00")
            words += ship_words(rooms, **ways)
    return words


@pytest.mark.parametrize(("by_page", "ways"), [(26, {}), (None, {"promise": promise_of(5, state=None)})])
def test_a_date_is_told_the_day_before_and_three_times_when_it_is_over(
    known: Rooms, by_page: int | None, ways: dict[str, object]
) -> None:
    """From the page, or by the promise: five working days after Friday the 20th are Thursday the 26th."""
    order = date_by_page(known, by_page)
    words = days_of(known, 22, 30, **ways)
    near, over = AlertKind.SHIP_BY_NEAR, AlertKind.SHIP_BY_OVER
    assert [(kind, at[:2]) for kind, at in words] == [(near, "25"), (over, "27"), (over, "29")]
    assert all(8 <= int(at[4:6]) < 21 for _kind, at in words)
    assert {entry.alert.order for entry in known.store.outbox() if entry.alert.kind in {near, over}} == {
        order.id
    }
    assert not any(entry.alert.critical for entry in known.store.outbox() if entry.alert.kind in {near, over})


def test_without_a_date_or_a_promise_nothing_is_told(known: Rooms) -> None:
    date_by_page(known, None)
    assert days_of(known, 22, 30) == []


def test_the_word_before_the_hand_in_takes_the_place_of_every_other(known: Rooms) -> None:
    """On Sunday the 29th nobody hands in, and nothing is told either: the word of Monday names it."""
    date_by_page(known, 26)
    words = days_of(known, 22, 30, hand_in=time(17))
    assert {kind for kind, _at in words} == {AlertKind.HAND_IN_SOON}
    assert [at[:2] for _kind, at in words] == ["23", "24", "25", "26", "27", "28", "30"]


def test_when_the_machine_slept_through_the_hand_in_the_date_is_told_all_the_same(known: Rooms) -> None:
    date_by_page(known, 26)
    go_to(known, 26, "17:30")
    assert [kind for kind, _at in ship_words(known, hand_in=time(17))] == [AlertKind.SHIP_BY_NEAR]


@pytest.mark.parametrize("day", [26, 22])
def test_what_was_handed_in_while_the_word_waited_is_not_told(known: Rooms, day: int) -> None:
    order = date_by_page(known, day)
    go_to(known, 25, "10:00")
    assert len(ship_words(known)) == 1
    handed_in(known, order)
    assert not {AlertKind.SHIP_BY_NEAR, AlertKind.SHIP_BY_OVER} & {alert.kind for alert in deliver(known)}


def test_what_left_is_cancelled_or_has_an_open_case_is_told_no_more(known: Rooms) -> None:
    order = date_by_page(known, 22)
    for changed in (replace(order, stage=Stage.SHIPPED), replace(order, stage=Stage.CANCELLED)):
        with known.store.writing() as writing:
            writing.save_orders([changed])
        assert days_of(known, 23, 25) == []
    with known.store.writing() as writing:
        writing.save_orders([order])
        writing.save_case(
            Case(
                id="cxxxxxxx",
                order=order.id,
                account="main",
                kind=CaseKind.BEFORE_SHIPMENT,
                confidence=Confidence.CERTAIN,
                opened_at=known.clock(),
                steps=(),
            )
        )
    assert days_of(known, 26, 27) == []


def test_a_near_word_that_comes_after_its_day_is_none(known: Rooms) -> None:
    date_by_page(known, 26)
    go_to(known, 26, "20:00")
    assert len(ship_words(known)) == 1
    go_to(known, 27, "00:30")
    assert AlertKind.SHIP_BY_NEAR not in {alert.kind for alert in deliver(known)}


# --- one round


def test_one_round_reminds_follows_the_time_and_tells_what_is_due(acknowledged: Rooms, clock: Clock) -> None:
    go_to(acknowledged, 23, "15:30")
    rules = RoundRules(
        accounts=["main"],
        pace=PACE,
        cases=RULES,
        seller=SellerWays(hand_in=time(17)),
    )
    taken = deliver_round(acknowledged.store, FakePostman("email"), rules=rules, clock=clock)
    kinds = [entry.alert.kind for entry in taken]
    assert kinds.count(AlertKind.STEP_DUE) == kinds.count(AlertKind.HAND_IN_SOON) == 1
    assert AlertKind.CASE_REMINDER not in kinds
