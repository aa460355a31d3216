"""What is known of a closed case, for a look back on it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON
from tests.support.ready import with_database
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.app.look_back import facts_of, look_back_on
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.look_back import CaseFacts
from watcher.domain.money import Cost, CostKind, Payer
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.signs import Sign
from watcher.domain.step import CaseKind, Step
from watcher.storage.store import SqliteStore

SOLD = replace(
    ORDER, made_at=NOON - timedelta(days=5), liability_cents=4500, tracking_number="00340434161094022115"
)
CLOSED = replace(
    CASE,
    steps=(Step(id="ask_carrier", done_at=NOON + timedelta(hours=9), done_by="seller"),),
    closed_at=NOON + timedelta(days=9),
    ending=Ending.BY_SELLER,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(with_database(tmp_path / "data"))
    yield store
    store.close()


def kept(store: SqliteStore, order: Order = SOLD, case: Case = CLOSED, *sightings: Sighting) -> CaseFacts:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([order])
        writing.save_case(case)
        for sighting in sightings:
            writing.save_sighting(sighting)
    return facts_of(store, order, case)


def seen(milestone: Milestone, hours: float, **changes: object) -> Sighting:
    at = NOON + timedelta(hours=hours)
    sighting = Sighting(order=ORDER.id, milestone=milestone, at=at, learnt_at=at, origin=Origin.SELLER)
    return replace(sighting, **changes)


def test_an_open_case_is_not_looked_back_on(store: SqliteStore):
    kept(store)
    assert look_back_on(store, SOLD, CASE) is None
    assert look_back_on(store, SOLD, CLOSED) is not None


def test_waiting_ends_with_the_hand_in_or_the_cancellation_whichever_came_first(store: SqliteStore):
    assert kept(store).waited == timedelta(days=5)
    assert kept(store, SOLD, CLOSED, seen(Milestone.HANDED_IN, -48)).waited == timedelta(days=3)


def test_without_the_deals_own_time_nobody_knows_how_long_it_waited(store: SqliteStore):
    assert kept(store, replace(SOLD, made_at=None)).waited is None


def test_a_parcel_that_left_after_the_cancellation_is_named(store: SqliteStore):
    assert not kept(store, SOLD, CLOSED, seen(Milestone.LABEL_CREATED, 3)).handed_in_after
    assert kept(store, SOLD, CLOSED, seen(Milestone.HANDED_IN, 3)).handed_in_after


def test_the_first_attempt_counts_from_the_cancellation(store: SqliteStore):
    facts = kept(store)
    assert (facts.tried, facts.first_try) == (True, timedelta(hours=9))
    undone = replace(CLOSED, steps=(Step(id="ask_carrier", done_at=NOON, done_by="dropped"),))
    facts = kept(store, SOLD, undone)
    assert (facts.tried, facts.first_try) == (False, None)


def test_where_no_attempt_was_asked_for_nobody_left_one_undone(store: SqliteStore):
    assert kept(store, SOLD, replace(CLOSED, steps=())).tried


def test_what_was_written_down_besides_is_known(store: SqliteStore):
    assert not kept(store).own_costs
    with store.writing() as writing:
        cost = Cost(order=ORDER.id, at=NOON, kind=CostKind.RETURN_POSTAGE, cents=549, payer=Payer.SELLER)
        writing.save_cost(cost)
    assert facts_of(store, SOLD, CLOSED).own_costs


@pytest.mark.parametrize(("written", "warned"), [(-50.0, True), (-47.0, False), (0.0, False), (None, False)])
def test_a_sign_counts_that_was_there_before_the_parcel_left(
    *, store: SqliteStore, written: float | None, warned: bool
):
    kept(store, SOLD, CLOSED, seen(Milestone.HANDED_IN, -48, confidence=Confidence.LIKELY))
    at = None if written is None else NOON + timedelta(hours=written)
    with store.writing() as writing:
        writing.save_sign(ORDER.id, Sign(rule="pays_elsewhere", at=at, quote="PayPal?"), at=NOON)
    assert facts_of(store, SOLD, CLOSED).signs is warned


@pytest.mark.parametrize(
    ("liability", "pickup", "under"),
    [(4499, None, True), (4500, None, False), (None, None, False), (1, True, False)],
)
def test_liability_below_the_price_is_only_told_where_both_are_known(
    *, store: SqliteStore, liability: int | None, pickup: bool | None, under: bool
):
    assert kept(store, replace(SOLD, liability_cents=liability, pickup=pickup)).under_insured is under


def test_a_number_may_be_known_from_the_page_or_from_anywhere_else(store: SqliteStore):
    bare = replace(SOLD, tracking_number=None)
    assert not kept(store, SOLD).without_number
    assert kept(store, bare).without_number
    assert not kept(store, replace(bare, pickup=True)).without_number
    assert not kept(store, bare, CLOSED, seen(Milestone.HANDED_IN, -1, number="123")).without_number


def test_of_a_forgotten_order_nobody_says_that_something_was_missing(store: SqliteStore):
    forgotten = replace(SOLD, tracking_number=None, forgotten_at=NOON)
    facts = kept(store, forgotten)
    assert (facts.without_number, facts.without_own_files) == (False, False)


def test_the_sellers_word_comes_before_what_was_found(store: SqliteStore):
    kept(store)
    found = FoundReason(
        reason=CancelReason.SHIPPING_COST, rule="r", sentence="zu teuer", confidence=Confidence.LIKELY
    )
    with store.writing() as writing:
        writing.save_found_reason(CLOSED.id, found, at=NOON)
    assert facts_of(store, SOLD, CLOSED).reason is CancelReason.SHIPPING_COST
    named = replace(CLOSED, reason=CancelReason.EMERGENCY)
    assert facts_of(store, SOLD, named).reason is CancelReason.EMERGENCY


def test_a_case_before_the_hand_in_knows_nothing_of_a_parcel(store: SqliteStore):
    at_home = replace(CLOSED, kind=CaseKind.BEFORE_SHIPMENT, steps=())
    facts = kept(store, replace(SOLD, tracking_number=None), at_home)
    assert (facts.goods, facts.without_number, facts.came_back) == (CaseKind.BEFORE_SHIPMENT, False, False)


def test_waiting_begins_with_the_payment_where_that_is_known(store: SqliteStore):
    assert kept(store, replace(SOLD, paid_at=NOON - timedelta(days=2))).waited == timedelta(days=2)


@pytest.mark.parametrize(
    ("days", "pickup", "is_over"),
    [(-1, None, True), (1, None, False), (None, None, False), (-1, True, False)],
)
def test_whether_the_day_was_over_that_the_page_names(
    *, store: SqliteStore, days: int | None, pickup: bool | None, is_over: bool
):
    until = None if days is None else NOON + timedelta(days=days)
    assert kept(store, replace(SOLD, ship_by=until, pickup=pickup)).after_ship_by is is_over


def test_the_ad_and_the_answers_of_the_conversation_are_known(store: SqliteStore):
    order = replace(SOLD, ad_id="a1")
    assert (kept(store, order).findings, kept(store, order).answered_in) == (frozenset(), None)
    at = NOON.isoformat()
    with store.writing() as writing:
        writing._connection.execute(
            "INSERT INTO ads (account, id, first_seen_at, seen_at, mark, read_at, content, findings)"
            " VALUES ('main', 'a1', ?, ?, 'm', ?, '{}', '[\"few_photos\"]')",
            (at, at, at),
        )
        writing._connection.execute(
            "INSERT INTO answer_times VALUES ('main', ?, ?, ?, 1)",
            (order.conversation, at, (NOON + timedelta(hours=30)).isoformat()),
        )
    facts = facts_of(store, order, CLOSED)
    assert (facts.findings, facts.answered_in) == (frozenset({"few_photos"}), timedelta(hours=30))
