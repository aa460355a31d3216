"""Whatever happens in whatever order: a cancellation is told, once."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, PACE, TOLD, kinds, listing, reading, seen, steady, thread
from watcher.domain.account import Account
from watcher.domain.case import Case
from watcher.domain.compare import compare, is_cancellation
from watcher.domain.order import Order, SeenOrder
from watcher.domain.outcome import Outcome
from watcher.domain.plan import Plan, plan_check
from watcher.domain.reading import Reading, Thread
from watcher.domain.situation import Circumstances
from watcher.domain.stage import Stage, furthest

WAY = (Stage.REQUESTED, Stage.AWAITING_PAYMENT, Stage.PAID, Stage.SHIPPED, Stage.DELIVERED, Stage.RECEIVED)
CONVERSATIONS = ("a:1", "a:2", "a:3")

stages = st.sampled_from(list(Stage))
deal_ids = st.frozensets(st.sampled_from("pqrst"), max_size=2)
deals = st.builds(
    lambda stage, ids, reached, unknown: seen(stage, *ids, reached=reached, unknown_events=unknown),
    stages,
    deal_ids,
    st.none() | st.sampled_from(WAY),
    st.sampled_from([(), ("NEWS",), ("NEWS", "MORE")]),
)


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    conversation = draw(st.sampled_from(CONVERSATIONS))
    drawn = draw(st.lists(deals, max_size=3))
    # As the readers have it: deals of one thread share no id.
    own = [
        deal.deal_ids.difference(*(other.deal_ids for other in drawn[:at])) for at, deal in enumerate(drawn)
    ]
    found = [
        replace(deal, deal_ids=ids, conversation=conversation) for deal, ids in zip(drawn, own, strict=True)
    ]
    return thread(*found, conversation=conversation)


readings = st.builds(
    lambda threads, listed, complete: reading(*threads, listed=listed, complete=complete),
    st.lists(threads(), max_size=3, unique_by=lambda found: found.conversation),
    st.sets(st.sampled_from(CONVERSATIONS)),
    st.booleans(),
)


@pytest.mark.slow
@steady
@given(st.lists(readings, max_size=4), readings)
def test_the_same_reading_twice_brings_no_event_the_second_time(before, last):
    orders: tuple[Order, ...] = ()
    for one in before:
        orders = compare(orders, one).orders
    first = compare(orders, last)
    second = compare(first.orders, last)
    unproven = {found.id for found in second.orders if found.missing_checks}
    assert [event for event in second.events if event.order not in unproven] == []


@pytest.mark.slow
@steady
@given(st.lists(readings, min_size=1, max_size=5))
def test_every_deal_that_is_seen_is_new_or_known_and_no_order_is_ever_lost(history):
    orders: tuple[Order, ...] = ()
    for number, one in enumerate(history):
        before, at = {found.id for found in orders}, NOW + timedelta(hours=number)
        orders = compare(orders, replace(one, taken_at=at)).orders
        assert before <= {found.id for found in orders}
        for found in one.threads:
            of_thread = [known for known in orders if known.conversation == found.conversation]
            assert sum(known.last_seen_at == at for known in of_thread) == len(found.orders)
            wanted = {unknown for deal in found.orders for unknown in deal.unknown_events}
            assert wanted <= {name for known in of_thread for name in known.unknown_events}


@steady
@given(st.lists(readings, max_size=3), st.lists(st.sets(st.sampled_from(CONVERSATIONS)), max_size=6))
def test_lists_alone_never_change_a_stage(history, lists):
    orders: tuple[Order, ...] = ()
    for one in history:
        orders = compare(orders, one).orders
    stages_before = {found.id: found.stage for found in orders}
    for listed in lists:
        result = compare(orders, reading(listed=listed))
        orders = result.orders
        assert not TOLD & set(kinds(result.events))
    assert {found.id: found.stage for found in orders} == stages_before


# --- one order, seen through all that can go wrong with a visit


@dataclass(frozen=True)
class Visit:
    """How well one visit sees the truth."""

    list_: str  # whole, short, empty or none
    thread: str  # both, dom, vague or none
    moves: bool  # whether the order goes one step on before it


visits = st.lists(
    st.builds(
        Visit,
        list_=st.sampled_from(["whole", "short", "empty", "none"]),
        thread=st.sampled_from(["both", "both", "dom", "vague", "none"]),
        moves=st.booleans(),
    ),
    max_size=8,
)


def _as_seen(stage: Stage, reached: Stage, how: str) -> SeenOrder:
    """`dom` shows no ids, `vague` does not understand the newest card either."""
    ids = ("offer",) if how == "both" else ()
    if how == "vague":
        return seen(Stage.UNKNOWN, *ids, reached=reached, unknown_events=(f"Karte {stage}",))
    return seen(stage, *ids, reached=reached, stage_at=NOW)


def _visit(visit: Visit, deal: SeenOrder | None, number: int) -> Reading:
    found = () if deal is None else (thread(deal),)
    at = NOW + timedelta(hours=number)
    if visit.list_ == "none" and not found:
        return Reading(account="main", taken_at=at, outcome=Outcome.UNREADABLE)
    names = ("a:b:c",) if visit.list_ == "whole" else ()
    result = reading(*found, listed=names, complete=visit.list_ in {"whole", "empty"}, at=at)
    return result if visit.list_ != "none" else replace(result, listing=None, outcome=Outcome.PARTIAL)


@steady
@given(st.integers(1, len(WAY) - 1), visits, st.sampled_from([Stage.CANCELLED, Stage.REFUNDED]), visits)
def test_a_cancellation_is_told_exactly_once_whatever_the_visits_see(start, before, end, behind):
    """Partial readings, one reader alone, cards that nobody understands, and lists that lack the order."""
    orders: tuple[Order, ...] = ()
    cases: dict[str, Case] = {}
    account = Account(name="main")
    told, opened, place = [], 0, start
    certain = Visit("whole", "both", moves=False)
    for number, (visit, is_over) in enumerate(
        [(visit, False) for visit in (certain, *before)] + [(visit, True) for visit in (*behind, certain)]
    ):
        place = min(place + (visit.moves and not is_over), len(WAY) - 1)
        stage = end if is_over else WAY[place]
        deal = None if visit.thread == "none" else _as_seen(stage, WAY[place], visit.thread)
        result = compare(orders, one := _visit(visit, deal, number))
        plan = _plan(account, one, orders=orders, cases=cases)
        orders, account = result.orders, plan.account
        cases |= {case.id: case for case in plan.cases}
        told += [event for event in result.events if event.kind in TOLD]
        opened += sum(alert.key.endswith("/0") for alert in plan.alerts)
        assert len([case for case in cases.values() if case.is_open]) <= 1
    assert len(told) == 1
    assert opened == len(cases) == 1
    assert len(orders) == 1
    assert orders[0].stage is end


@steady
@given(visits)
def test_a_request_that_comes_to_nothing_is_never_told_as_a_cancellation(behind):
    orders = compare([], reading(thread(seen(Stage.REQUESTED, "offer")))).orders
    for number, visit in enumerate(behind):
        how = "both" if visit.thread == "vague" else visit.thread
        end = (Stage.DECLINED, Stage.EXPIRED, Stage.CANCELLED)[number % 3]
        deal = None if how == "none" else _as_seen(end, Stage.REQUESTED, how)
        result = compare(orders, _visit(visit, deal, number))
        orders = result.orders
        assert not TOLD & set(kinds(result.events))
    assert not any(is_cancellation(found) for found in orders)


def _plan(account: Account, one: Reading, *, orders: tuple[Order, ...], cases: dict[str, Case]) -> Plan:
    return plan_check(
        account=account,
        reading=one,
        comparison=compare(orders, one),
        cases=list(cases.values()),
        around=lambda _: Circumstances(),
        pace=PACE,
        jitter=0.5,
        listing_digest=None,
    )


@pytest.mark.slow
@steady
@given(st.lists(readings, max_size=6))
def test_no_history_leaves_an_order_with_two_open_cases_or_a_case_without_a_way_on(history):
    orders: tuple[Order, ...] = ()
    cases: dict[str, Case] = {}
    account = Account(name="main")
    for number, one in enumerate(history):
        timed = replace(one, taken_at=NOW + timedelta(hours=number))
        plan = _plan(account, timed, orders=orders, cases=cases)
        orders, account = plan.orders, plan.account
        cases |= {case.id: case for case in plan.cases}
        assert len({alert.key for alert in plan.alerts}) == len(plan.alerts)
        of_orders = [case.order for case in cases.values() if case.is_open]
        assert len(of_orders) == len(set(of_orders))
        assert all(case.next_step is not None for case in cases.values() if case.is_open)
        for event in plan.events:
            if event.kind in TOLD:
                assert event.order in {case.order for case in plan.cases}


@steady
@given(st.lists(st.sampled_from(list(Stage)), min_size=1, max_size=6))
def test_what_was_reached_never_goes_back(way):
    orders: tuple[Order, ...] = ()
    reached: Stage | None = None
    for stage in way:
        orders = compare(orders, reading(thread(seen(stage, "offer")))).orders
        assert furthest(reached, orders[0].reached) is orders[0].reached
        reached = orders[0].reached


def test_the_empty_list_of_a_new_account_is_a_complete_reading():
    one = Reading(account="main", taken_at=NOW, outcome=Outcome.OK, listing=listing())
    assert one.complete
    assert not compare([], one).events
