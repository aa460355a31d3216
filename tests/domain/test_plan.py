"""From events to cases, alerts and the next check."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.domain.samples import NOW, PACE, case, kinds, order, reading, seen, thread, unread
from tests.support.every import every
from watcher.domain.account import Account
from watcher.domain.alert import AlertKind
from watcher.domain.cadence import Reason
from watcher.domain.case import Case
from watcher.domain.compare import compare
from watcher.domain.event import EventKind
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.plan import Plan, plan_check
from watcher.domain.reading import Problem, ProblemKind, Reading
from watcher.domain.situation import Circumstances, Window
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

LATER = NOW + timedelta(hours=1)
TROUBLE = [outcome for outcome in Outcome if outcome is not Outcome.OK]
WALLS = [outcome for outcome in TROUBLE if outcome not in {Outcome.PARTIAL, Outcome.UNREACHABLE}]
GAP = (Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation="a:b:c"),)


def check(
    one: Reading,
    *known: Order,
    cases: tuple[Case, ...] = (),
    account: Account | None = None,
    closes_at: datetime | None = None,
) -> Plan:
    return plan_check(
        account=account or Account(name="main"),
        reading=one,
        comparison=compare(known, one),
        cases=cases,
        around=lambda _: Circumstances(window=Window(closes_at=closes_at) if closes_at else None),
        pace=PACE,
        jitter=0.5,
        listing_digest=None,
    )


def turned(stage: Stage, *, at: datetime = LATER, **known: object) -> Reading:
    """A reading in which the order of the thread has this stage."""
    return reading(thread(seen(stage, "offer", **known)), at=at)


def bad_visit(outcome: Outcome, *, at: datetime = LATER) -> Reading:
    if outcome is Outcome.PARTIAL:
        return reading(outcome=outcome, problems=GAP, at=at)
    return reading(at=at) if outcome is Outcome.OK else unread(outcome, at=at)


def visits(*outcomes: Outcome) -> list[Plan]:
    """One visit per outcome, an hour apart, each knowing what the one before left behind."""
    plans, account = [], Account(name="main")
    for number, outcome in enumerate(outcomes):
        plans.append(check(bad_visit(outcome, at=NOW + timedelta(hours=number)), account=account))
        account = plans[-1].account
    return plans


# --- cases


@every(
    ("was", "known", "kind"),
    [
        (Stage.AWAITING_PAYMENT, {}, CaseKind.BEFORE_SHIPMENT),
        (Stage.PAID, {}, CaseKind.BEFORE_SHIPMENT),
        (Stage.SHIPPED, {}, CaseKind.IN_TRANSIT),
        (Stage.DELIVERED, {}, CaseKind.AFTER_DELIVERY),
        (Stage.RECEIVED, {}, CaseKind.AFTER_DELIVERY),
        (Stage.PAID, {"unknown_events": ("NEWS",)}, CaseKind.UNCLEAR),
        (Stage.UNKNOWN, {}, CaseKind.UNCLEAR),
        (Stage.SHIPPED, {"unknown_events": ("NEWS",)}, CaseKind.IN_TRANSIT),
        (Stage.PAID, {"pickup": True}, CaseKind.BEFORE_SHIPMENT),
        (Stage.PAID, {"pickup": True, "unknown_events": ("NEWS",)}, CaseKind.BEFORE_SHIPMENT),
    ],
)
def test_a_cancellation_opens_a_case_after_where_the_goods_were(was, known, kind):
    found = order(was, "offer", **known)
    plan = check(turned(Stage.CANCELLED), found)
    (opened,) = plan.cases
    assert opened.kind is kind
    assert opened.order == found.id
    assert [(alert.kind, alert.case) for alert in plan.alerts] == [(AlertKind.CASE_OPENED, opened.id)]


def test_a_dispute_opens_a_case_of_its_own_kind():
    plan = check(turned(Stage.DISPUTED), order(Stage.DELIVERED, "offer"))
    assert [opened.kind for opened in plan.cases] == [CaseKind.DISPUTED]


@pytest.mark.parametrize(
    ("was", "critical"), [(Stage.PAID, True), (Stage.SHIPPED, True), (Stage.DELIVERED, False)]
)
def test_an_alert_is_critical_while_the_goods_can_still_be_saved(was, critical):
    (alert,) = check(turned(Stage.CANCELLED), order(was, "offer")).alerts
    assert alert.critical is critical


def test_a_pickup_case_has_no_step_about_a_parcel():
    (opened,) = check(turned(Stage.CANCELLED), order(Stage.PAID, "offer", pickup=True)).cases
    ids = {step.id for step in opened.steps}
    assert "keep_item" in ids
    assert not ids & {"do_not_hand_in", "handed_in", "ask_carrier", "parcel_back"}


def test_the_carriers_window_decides_when_the_parcel_steps_are_due():
    closes_at = LATER + timedelta(hours=5)
    (opened,) = check(turned(Stage.CANCELLED), order(Stage.SHIPPED, "offer"), closes_at=closes_at).cases
    assert next(step.due_at for step in opened.steps if step.id == "ask_carrier") == closes_at


def test_a_refund_after_the_cancellation_ticks_its_step_and_opens_no_second_case():
    found = order(Stage.CANCELLED, "offer", reached=Stage.PAID)
    open_case = case(CaseKind.BEFORE_SHIPMENT, of=found.id)
    plan = check(turned(Stage.REFUNDED), found, cases=(open_case,))
    (ticked,) = plan.cases
    assert ticked.id == open_case.id
    assert [(step.id, step.done_by) for step in ticked.steps if step.done_at] == [("refund_seen", "seen")]
    assert [alert.kind for alert in plan.alerts] == [AlertKind.REFUND_SEEN]


def test_a_refund_after_the_case_was_closed_is_told_and_opens_no_second_case():
    found = order(Stage.CANCELLED, "offer", reached=Stage.PAID)
    closed = replace(case(CaseKind.BEFORE_SHIPMENT, of=found.id), closed_at=NOW)
    plan = check(turned(Stage.REFUNDED), found, cases=(closed,))
    assert [alert.kind for alert in plan.alerts] == [AlertKind.REFUND_SEEN]
    assert all(changed.id == closed.id and not changed.is_open for changed in plan.cases)


def test_a_refund_without_a_word_of_cancellation_opens_the_case_with_the_refund_ticked():
    (opened,) = check(turned(Stage.REFUNDED), order(Stage.SHIPPED, "offer")).cases
    assert opened.kind is CaseKind.IN_TRANSIT
    assert next(step.done_by for step in opened.steps if step.id == "refund_seen") == "seen"
    assert opened.is_open


def test_a_refund_that_was_the_last_step_closes_the_case():
    found = order(Stage.CANCELLED, "offer", reached=Stage.PAID)
    open_case = case(CaseKind.BEFORE_SHIPMENT, of=found.id)
    for step in ("do_not_hand_in", "ask_buyer", "relist"):
        open_case = open_case.with_step_done(step, at=NOW, by="seller")
    (ticked,) = check(turned(Stage.REFUNDED), found, cases=(open_case,)).cases
    assert ticked.closed_at == LATER


def test_a_second_cancellation_after_a_closed_case_opens_a_case_with_another_id():
    found = order(Stage.PAID, "offer")
    closed = replace(case(CaseKind.BEFORE_SHIPMENT, of=found.id), closed_at=NOW)
    (opened,) = check(turned(Stage.CANCELLED), found, cases=(closed,)).cases
    assert opened.id == f"{closed.id}-2"
    assert opened.is_open


def test_a_dispute_that_ends_in_a_cancellation_is_told_although_its_case_is_open():
    """The seller has acknowledged the dispute; that does not cover the cancellation."""
    found = order(Stage.DISPUTED, "offer", reached=Stage.DELIVERED)
    open_case = replace(case(CaseKind.DISPUTED, of=found.id), acknowledged_at=NOW)
    plan = check(turned(Stage.CANCELLED), found, cases=(open_case,))
    (again,) = plan.cases
    assert (again.id, again.kind, again.acknowledged_at) == (open_case.id, CaseKind.AFTER_DELIVERY, None)
    assert [alert.kind for alert in plan.alerts] == [AlertKind.CASE_OPENED]
    assert plan.alerts[0].key != f"{open_case.id}/0"


def test_a_second_cancellation_finds_the_open_case_and_moves_it_to_where_the_goods_are_now():
    found = order(Stage.SHIPPED, "offer")
    open_case = replace(case(CaseKind.BEFORE_SHIPMENT, of=found.id), acknowledged_at=NOW)
    plan = check(turned(Stage.CANCELLED), found, cases=(open_case,))
    assert [(again.id, again.kind) for again in plan.cases] == [(open_case.id, CaseKind.IN_TRANSIT)]
    assert len(plan.alerts) == 1


def test_a_second_cancellation_does_not_take_back_what_the_seller_said_about_the_goods():
    """The page still says paid, but the seller has handed the parcel in."""
    found = order(Stage.PAID, "offer")
    open_case = case(CaseKind.IN_TRANSIT, of=found.id)
    (again,) = check(turned(Stage.CANCELLED), found, cases=(open_case,)).cases
    assert again.kind is CaseKind.IN_TRANSIT
    assert again.next_step == open_case.next_step


def test_cases_of_other_orders_stay_as_they_are():
    other = case(CaseKind.IN_TRANSIT, of="oother")
    plan = check(turned(Stage.CANCELLED), order(Stage.PAID, "offer"), cases=(other,))
    assert other.id not in {changed.id for changed in plan.cases}


def test_an_unknown_event_is_an_alert_and_no_case():
    plan = check(turned(Stage.UNKNOWN, unknown_events=("NEWS",)), order(Stage.PAID, "offer"))
    assert [alert.kind for alert in plan.alerts] == [AlertKind.ORDER_UNKNOWN]
    assert not plan.cases


def test_an_ordinary_step_forward_alerts_nobody():
    assert not check(turned(Stage.SHIPPED), order(Stage.PAID, "offer")).alerts


def test_a_missing_order_alerts_only_when_the_next_complete_list_lacks_it_too():
    known, told = (order(Stage.PAID, "offer"),), []
    for number in range(4):
        plan = check(reading(listed=(), at=NOW + timedelta(hours=number)), *known)
        known = plan.orders
        told.append([alert.kind for alert in plan.alerts])
    assert told == [[], [AlertKind.ORDER_MISSING], [], []]


# --- trouble with the account


@pytest.mark.parametrize("outcome", WALLS)
def test_trouble_is_told_once_however_long_it_lasts(outcome):
    plans = visits(Outcome.OK, *[outcome] * 4)
    assert [len(plan.alerts) for plan in plans] == [0, 1, 0, 0, 0]
    assert [len(plan.events) for plan in plans] == [0, 1, 0, 0, 0]
    assert plans[1].alerts[0].kind is AlertKind.ACCOUNT_TROUBLE
    assert dict(plans[1].alerts[0].details) == {"outcome": outcome.value}


@every("outcome", [*WALLS, Outcome.PARTIAL])
def test_a_recovery_is_told_once(outcome):
    plans = visits(outcome, Outcome.OK, Outcome.OK)
    assert [alert.kind for alert in plans[1].alerts] == [AlertKind.ACCOUNT_RECOVERED]
    assert kinds(plans[1].events) == [EventKind.ACCOUNT_READABLE_AGAIN]
    assert not plans[2].alerts
    assert not plans[2].events


@every("outcome", TROUBLE)
def test_each_trouble_has_its_own_event(outcome):
    (event,) = check(bad_visit(outcome)).events
    others = {check(bad_visit(other)).events[0].kind for other in TROUBLE if other is not outcome}
    assert event.kind not in others


@every("outcome", TROUBLE)
def test_trouble_is_critical_where_waiting_cannot_help(outcome):
    alerts = visits(outcome, outcome, outcome)[-1 if outcome is Outcome.UNREACHABLE else 0].alerts
    assert [alert.critical for alert in alerts] == [outcome.needs_human]


def test_an_unreachable_site_is_told_from_the_third_visit_in_a_row_on():
    plans = visits(Outcome.OK, *[Outcome.UNREACHABLE] * 5)
    assert [len(plan.alerts) for plan in plans] == [0, 0, 0, 1, 0, 0]


def test_a_short_outage_is_neither_told_nor_its_end():
    plans = visits(Outcome.OK, Outcome.UNREACHABLE, Outcome.UNREACHABLE, Outcome.OK)
    assert not any(plan.alerts for plan in plans)


def test_a_long_first_reading_spread_over_visits_is_no_trouble():
    postponed = (Problem(kind=ProblemKind.THREADS_POSTPONED, detail="7"),)
    assert not check(reading(outcome=Outcome.PARTIAL, problems=postponed)).alerts


def test_a_partial_reading_that_does_not_say_why_is_told():
    assert check(reading(outcome=Outcome.PARTIAL)).alerts


def test_a_gap_beside_postponed_threads_is_told():
    problems = (*GAP, Problem(kind=ProblemKind.THREADS_POSTPONED))
    assert check(reading(outcome=Outcome.PARTIAL, problems=problems)).alerts


def test_a_cancellation_read_in_a_partial_visit_opens_its_case():
    one = replace(turned(Stage.CANCELLED), outcome=Outcome.PARTIAL, problems=GAP)
    plan = check(one, order(Stage.SHIPPED, "offer"))
    assert {alert.kind for alert in plan.alerts} == {AlertKind.CASE_OPENED, AlertKind.ACCOUNT_TROUBLE}


# --- what is remembered of the account


def test_only_a_complete_reading_moves_the_time_up_to_which_all_was_seen():
    account = check(reading(at=NOW)).account
    assert account.last_complete_at == NOW
    for one in (
        reading(at=LATER, complete=False),
        reading(at=LATER, outcome=Outcome.PARTIAL, problems=GAP),
        unread(Outcome.BLOCKED, at=LATER),
    ):
        after = check(one, account=account).account
        assert (after.last_complete_at, after.last_check_at) == (NOW, LATER)


def test_failures_count_up_until_something_was_read():
    plans = visits(Outcome.BLOCKED, Outcome.LOGGED_OUT, Outcome.UNREADABLE, Outcome.PARTIAL)
    assert [plan.account.failures for plan in plans] == [1, 2, 3, 0]


def test_the_cool_down_after_a_block_doubles_from_an_hour_to_a_day():
    plans = visits(*[Outcome.BLOCKED] * 7)
    waits = [plan.account.cool_down_until - plan.account.last_check_at for plan in plans]
    assert waits == [timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24, 24)]
    assert all(plan.account.next_check_reason is Reason.COOL_DOWN for plan in plans)


@every("outcome", [outcome for outcome in Outcome if outcome is not Outcome.BLOCKED])
def test_only_a_block_holds_back_a_manual_check(outcome):
    assert visits(Outcome.BLOCKED, outcome)[-1].account.cool_down_until is None


def test_a_visit_that_reached_nobody_ends_no_cool_down():
    """Looked at by force, or a browser that broke down: whether the block is over nobody has seen."""
    blocked = visits(Outcome.BLOCKED)[-1].account
    visit = bad_visit(Outcome.UNREACHABLE, at=NOW + timedelta(minutes=5))
    forced = check(visit, cases=(case(CaseKind.IN_TRANSIT),), account=blocked).account
    assert forced.cool_down_until == blocked.cool_down_until
    assert (forced.next_check_at, forced.next_check_reason) == (blocked.cool_down_until, Reason.COOL_DOWN)


def test_a_visit_without_a_list_keeps_the_digest_of_the_last_one():
    account = Account(name="main", listing_digest="before")
    assert check(unread(Outcome.BLOCKED), account=account).account.listing_digest == "before"
