"""Past sales from the database: page by page, with all that is known of those that were cancelled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.clock import NOON
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.domain.account import Account
from watcher.domain.case import Ending
from watcher.domain.confidence import Confidence
from watcher.domain.money import Cost, CostKind, Payer
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.past_sale import ParcelEnd, PastSale
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step
from watcher.storage import past_sales
from watcher.storage.store import SqliteStore


def an_order(number: int, **changes: object) -> Order:
    values = {"id": f"o{number:05}", "stage": Stage.PAID_OUT, "reached": Stage.PAID_OUT, **changes}
    return replace(ORDER, **values)


def keep(store: SqliteStore, *orders: Order) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_account(Account(name="other"))
        writing.save_orders(orders)


def read(store: SqliteStore, *, since: datetime | None = None, account: str | None = None) -> list[PastSale]:
    pages = store.past_sales().pages(since=since, account=account, carrier_id=str.upper)
    return [sale for page in pages for sale in page]


def seen(milestone: Milestone, hours: float, **changes: object) -> Sighting:
    at = NOON + timedelta(hours=hours)
    sighting = Sighting(order="o00001", milestone=milestone, at=at, learnt_at=at, origin=Origin.API)
    return replace(sighting, **changes)


def test_every_order_is_read_once_however_many_pages_it_takes(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(past_sales, "PAGE", 3)
    keep(store, *(an_order(number, amount_cents=number) for number in range(10)))
    pages = list(store.past_sales().pages(since=None, account=None, carrier_id=str))
    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [sale.price_cents for page in pages for sale in page] == list(range(10))


def test_a_sale_begins_with_its_deal_else_with_the_earliest_that_is_known_of_it(store: SqliteStore):
    day = timedelta(days=1)
    keep(
        store,
        an_order(1, made_at=NOON - 9 * day),
        an_order(2, first_seen_at=NOON, stage_at=NOON - 3 * day),
        an_order(3, first_seen_at=NOON - day, stage_at=NOON),
    )
    assert [(NOON - sale.since) / day for sale in read(store)] == [9, 3, 1]
    assert [(NOON - sale.since) / day for sale in read(store, since=NOON - 3 * day)] == [3, 1]
    assert read(store, since=NOON) == []


def test_one_account_is_read_alone(store: SqliteStore):
    keep(store, an_order(1), an_order(2, account="other", amount_cents=7))
    assert [sale.price_cents for sale in read(store, account="other")] == [7]
    assert read(store, account="nobody") == []


def test_the_hand_in_is_the_first_certain_word_that_it_has_left(store: SqliteStore):
    keep(store, an_order(1))
    with store.writing() as writing:
        for sighting in (
            seen(Milestone.LABEL_CREATED, 1),
            seen(Milestone.HANDED_IN, 2, confidence=Confidence.LIKELY, origin=Origin.PAGE),
            seen(Milestone.DELIVERED, 40),
            seen(Milestone.IN_TRANSIT, 20, carrier="hermes"),
        ):
            writing.save_sighting(sighting)
    (sale,) = read(store)
    assert sale.handed_in_at == NOON + timedelta(hours=20)
    assert sale.carrier == "HERMES"


def test_a_cancelled_sale_comes_with_its_latest_case_and_what_was_said_and_paid(store: SqliteStore):
    keep(store, an_order(1, stage=Stage.REFUNDED, reached=Stage.SHIPPED), an_order(2))
    earlier = replace(
        CASE, id="c1", order="o00001", opened_at=NOON - timedelta(days=30), kind=CaseKind.DISPUTED
    )
    latest = replace(
        CASE,
        id="c2",
        order="o00001",
        opened_at=NOON,
        closed_at=NOON + timedelta(days=4),
        ending=Ending.BY_SELLER,
        steps=(Step(id="ask_carrier", done_at=NOON, done_by="seller"),),
    )
    found = FoundReason(
        reason=CancelReason.SHIPPING_COST, rule="r", sentence="zu teuer", confidence=Confidence.LIKELY
    )
    with store.writing() as writing:
        writing.save_case(earlier)
        writing.save_case(latest)
        writing.save_found_reason("c2", found, at=NOON)
        writing.save_sighting(seen(Milestone.RETURNING, 10))
        writing.save_sighting(seen(Milestone.RETURNED, 50))
        writing.save_cost(
            Cost(order="o00001", at=NOON, kind=CostKind.INTERCEPT_FEE, cents=500, payer=Payer.SELLER)
        )
    cancelled, well = read(store)
    assert well.cancellation is None
    off = cancelled.cancellation
    assert off is not None
    assert (off.goods, off.at, off.over_at) == (CaseKind.IN_TRANSIT, NOON, NOON + timedelta(days=4))
    assert (off.named, off.found) == (None, CancelReason.SHIPPING_COST)
    assert (off.asks, off.parcel) == (frozenset({"ask_carrier"}), ParcelEnd.CAME_BACK)
    assert off.own_costs_cents == 500


def test_the_mark_changes_with_what_is_written_and_only_then(store: SqliteStore):
    keep(store, an_order(1))
    marks = [store.past_sales().mark(), store.past_sales().mark()]
    with store.writing() as writing:
        writing.record("case_closed", at=NOON, account="main", order="o00001")
    marks.append(store.past_sales().mark())
    with store.writing() as writing:
        writing.save_sighting(seen(Milestone.DELIVERED, 1))
    marks.append(store.past_sales().mark())
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3


# --- its ad, its answers, its buyer


def ad(
    store: SqliteStore, ad_id: str, *, findings: str = "[]", account: str = "main", was_read: bool = True
) -> None:
    with store.writing() as writing:
        writing._connection.execute(
            "INSERT INTO ads (account, id, first_seen_at, seen_at, mark, read_at, category, content, findings)"
            " VALUES (?, ?, ?, ?, 'm', ?, 'Lampen', '{}', ?)",
            (
                account,
                ad_id,
                NOON.isoformat(),
                NOON.isoformat(),
                NOON.isoformat() if was_read else None,
                findings,
            ),
        )


def answered(store: SqliteStore, conversation: str, *hours: float, account: str = "main") -> None:
    with store.writing() as writing:
        for number, took in enumerate(hours):
            asked = NOON + timedelta(days=number)
            writing._connection.execute(
                "INSERT INTO answer_times VALUES (?, ?, ?, ?, 1)",
                (account, conversation, asked.isoformat(), (asked + timedelta(hours=took)).isoformat()),
            )


def test_a_sale_knows_the_category_and_the_findings_of_its_ad(store: SqliteStore):
    keep(
        store,
        an_order(1, ad_id="a1"),
        an_order(2, ad_id="a2"),
        an_order(3, ad_id="a1", account="other"),  # the same number, another account
        an_order(4),
    )
    ad(store, "a1", findings='["no_condition", "few_photos"]')
    ad(store, "a2", was_read=False)
    told = [(sale.category, sale.findings) for sale in read(store)]
    assert told == [
        ("Lampen", frozenset({"no_condition", "few_photos"})),
        ("Lampen", None),
        (None, None),
        (None, None),
    ]


def test_a_sale_knows_how_long_the_answers_in_its_conversation_took(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(past_sales, "PAGE", 2)
    keep(
        store,
        *(an_order(number, conversation=f"k:{number}") for number in range(4)),
        an_order(4, account="other", conversation="k:0"),
    )
    answered(store, "k:0", 1, 5, 30)
    answered(store, "k:3", 2, 4)
    answered(store, "k:9", 7)
    hours = [sale.answered_in and sale.answered_in / timedelta(hours=1) for sale in read(store)]
    assert hours == [5, None, None, 3, None]


def test_a_sale_knows_its_payment_and_since_when_the_buyer_is_registered(store: SqliteStore):
    since = NOON - timedelta(days=400)
    keep(store, an_order(1, paid_at=NOON, buyer_since=since), an_order(2))
    assert [(sale.paid_at, sale.buyer_since) for sale in read(store)] == [(NOON, since), (None, None)]


def test_a_read_ad_and_an_answer_change_the_figures(store: SqliteStore):
    keep(store, an_order(1))
    marks = [store.past_sales().mark()]
    ad(store, "a1")
    marks.append(store.past_sales().mark())
    answered(store, "k:1", 1)
    marks.append(store.past_sales().mark())
    assert len(set(marks)) == 3


def test_attempts_to_stop_a_parcel_are_told_with_their_carrier_and_their_end(store: SqliteStore):
    asked = (Step(id="ask_carrier", done_at=NOON, done_by="seller"),)
    dropped = (Step(id="ask_carrier", done_at=NOON, done_by="dropped"),)
    orders = [
        an_order(number, stage=Stage.REFUNDED, reached=Stage.SHIPPED, carrier=carrier)
        for number, carrier in enumerate(["dhl", "hermes", None, "dhl"])
    ]
    keep(store, *orders)
    with store.writing() as writing:
        for number, order in enumerate(orders):
            steps = dropped if number == 3 else asked
            writing.save_case(replace(CASE, id=f"c{number}", order=order.id, steps=steps, closed_at=NOON))
        writing.save_sighting(seen(Milestone.RETURNED, 5, order="o00000"))
    assert sorted(store.past_sales().attempts(carrier_id=str.upper)) == [
        ("", ParcelEnd.UNKNOWN),
        ("DHL", ParcelEnd.CAME_BACK),
        ("HERMES", ParcelEnd.UNKNOWN),
    ]
