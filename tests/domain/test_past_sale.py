"""A cancelled sale as one looks back on it: where the goods were, why, what was tried and how that ended."""

from dataclasses import replace
from datetime import timedelta

from tests.support.clock import NOON
from tests.support.every import every
from tests.support.values import CASE, ORDER
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.money import Cost, CostKind, Payer
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.past_sale import (
    Cancellation,
    ParcelEnd,
    PastSale,
    cancellation_of,
    goods_then,
    parcel_end,
)
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.stage import Stage, is_called_off
from watcher.domain.step import Because, CaseKind, Step

ASKED = Step(id="ask_carrier", done_at=NOON, done_by="seller")
HINT = FoundReason(
    reason=CancelReason.FOUND_CHEAPER, rule="cheaper", sentence="Günstiger", confidence=Confidence.LIKELY
)


def an_order(stage: Stage = Stage.REFUNDED, reached: Stage | None = Stage.SHIPPED) -> Order:
    return replace(ORDER, stage=stage, reached=reached)


def a_case(kind: CaseKind = CaseKind.IN_TRANSIT, *steps: Step, **changes: object) -> Case:
    values = {"closed_at": NOON + timedelta(days=5), "ending": Ending.BY_SELLER, **changes}
    return replace(CASE, kind=kind, steps=steps, **values)


def at(hours: float, milestone: Milestone, **changes: object) -> Sighting:
    when = NOON + timedelta(hours=hours)
    seen = Sighting(order=ORDER.id, milestone=milestone, at=when, learnt_at=when, origin=Origin.API)
    return replace(seen, **changes)


def looked_back(case: Case | None, order: Order | None = None, **more: object) -> Cancellation:
    given = {"found": None, "sightings": (), "costs": (), **more}
    return cancellation_of(order or an_order(), case, **given)


@every(
    ("reached", "case_kind", "goods"),
    [
        (Stage.PAID, CaseKind.BEFORE_SHIPMENT, CaseKind.BEFORE_SHIPMENT),
        (Stage.SHIPPED, CaseKind.IN_TRANSIT, CaseKind.IN_TRANSIT),
        (Stage.DELIVERED, CaseKind.AFTER_DELIVERY, CaseKind.AFTER_DELIVERY),
        # It was delivered after the cancellation had come.
        (Stage.SHIPPED, CaseKind.AFTER_DELIVERY, CaseKind.IN_TRANSIT),
        (Stage.PAID, CaseKind.AFTER_DELIVERY, CaseKind.IN_TRANSIT),
        # The seller said so.
        (Stage.SHIPPED, CaseKind.BEFORE_SHIPMENT, CaseKind.BEFORE_SHIPMENT),
        (Stage.PAID, CaseKind.IN_TRANSIT, CaseKind.IN_TRANSIT),
        (None, CaseKind.AFTER_DELIVERY, CaseKind.AFTER_DELIVERY),
        (None, CaseKind.UNCLEAR, CaseKind.UNCLEAR),
        (Stage.DELIVERED, CaseKind.DISPUTED, CaseKind.DISPUTED),
    ],
)
def test_where_the_goods_were_when_it_came(reached: Stage | None, case_kind: CaseKind, goods: CaseKind):
    assert goods_then(an_order(reached=reached), a_case(case_kind)) is goods


def test_a_sale_that_went_on_says_nothing_of_where_the_goods_were_then():
    order = an_order(Stage.PAID_OUT, Stage.PAID_OUT)
    assert goods_then(order, a_case(CaseKind.IN_TRANSIT)) is CaseKind.IN_TRANSIT


def test_an_old_cancellation_without_a_case_is_judged_by_its_page():
    told = looked_back(None, an_order(Stage.CANCELLED, Stage.PAID))
    assert told == Cancellation(goods=CaseKind.BEFORE_SHIPMENT, at=NOON, over_at=NOON)


def test_the_sellers_word_and_the_hint_are_kept_apart():
    named = looked_back(a_case(reason=CancelReason.EMERGENCY), found=HINT)
    assert (named.named, named.found) == (CancelReason.EMERGENCY, CancelReason.FOUND_CHEAPER)
    only_found = looked_back(a_case(reason=CancelReason.FOUND_CHEAPER, reason_found=True), found=HINT)
    assert (only_found.named, only_found.found) == (None, CancelReason.FOUND_CHEAPER)


@every(
    ("sightings", "end"),
    [
        ((at(1, Milestone.RETURNING), at(30, Milestone.RETURNED)), ParcelEnd.CAME_BACK),
        ((at(1, Milestone.RETURNING), at(30, Milestone.DELIVERED)), ParcelEnd.CAME_BACK),
        (
            (at(1, Milestone.DELIVERED), at(90, Milestone.RETURNING), at(99, Milestone.RETURNED)),
            ParcelEnd.DELIVERED,
        ),
        ((at(1, Milestone.OUT_FOR_DELIVERY),), ParcelEnd.UNKNOWN),
        ((at(1, Milestone.DELIVERED, confidence=Confidence.UNSURE),), ParcelEnd.UNKNOWN),
        # A forecast is no event.
        ((at(9, Milestone.DELIVERED, learnt_at=NOON),), ParcelEnd.UNKNOWN),
        ((), ParcelEnd.UNKNOWN),
    ],
)
def test_what_became_of_a_parcel_is_what_decided_it_first(sightings: tuple[Sighting, ...], end: ParcelEnd):
    assert parcel_end(a_case(CaseKind.IN_TRANSIT, ASKED), sightings) is end


def test_without_a_carriers_word_the_case_tells_what_became_of_the_parcel():
    back = Step(id="parcel_back", done_at=NOON, done_by="seller")
    assert parcel_end(a_case(CaseKind.IN_TRANSIT, ASKED, back), ()) is ParcelEnd.CAME_BACK
    assert parcel_end(a_case(ending=Ending.RETURNED_AND_REFUNDED), ()) is ParcelEnd.CAME_BACK
    assert parcel_end(a_case(CaseKind.AFTER_DELIVERY, ASKED), ()) is ParcelEnd.DELIVERED
    assert parcel_end(a_case(CaseKind.IN_TRANSIT, ASKED, closed_at=None, ending=None), ()) is ParcelEnd.OPEN


def test_only_what_the_seller_did_counts_as_tried():
    dropped = Step(id="ask_carrier", done_at=NOON, done_by="dropped", because=Because.DELIVERED)
    still_open = Step(id="ask_buyer_to_refuse")
    assert looked_back(a_case(CaseKind.IN_TRANSIT, dropped, still_open)).parcel is None
    told = looked_back(a_case(CaseKind.IN_TRANSIT, ASKED, still_open))
    assert (told.asks, told.parcel) == (frozenset({"ask_carrier"}), ParcelEnd.UNKNOWN)


def test_costs_are_what_the_seller_bears_and_what_is_open_without_the_price_itself():
    def cost(kind: CostKind, cents: int, payer: Payer) -> Cost:
        return Cost(order=ORDER.id, at=NOON, kind=kind, cents=cents, payer=payer)

    told = looked_back(
        a_case(),
        costs=(
            cost(CostKind.RETURN_POSTAGE, 549, Payer.SELLER),
            cost(CostKind.INTERCEPT_FEE, 300, Payer.SELLER),
            cost(CostKind.INTERCEPT_FEE, -300, Payer.SELLER),  # taken back
            cost(CostKind.REFUND_PART, 1000, Payer.SELLER),
            cost(CostKind.OTHER, 120, Payer.OPEN),
            cost(CostKind.POSTAGE, 999, Payer.BUYER),
        ),
    )
    assert (told.own_costs_cents, told.open_costs_cents) == (549, 120)


@every(
    ("case", "stage", "missing"),
    [
        (a_case(CaseKind.IN_TRANSIT), Stage.REFUNDED, True),
        (a_case(CaseKind.IN_TRANSIT), Stage.CANCELLED, False),
        (a_case(CaseKind.BEFORE_SHIPMENT), Stage.REFUNDED, False),
        (a_case(CaseKind.IN_TRANSIT, closed_at=None, ending=None), Stage.REFUNDED, False),
        (a_case(ending=Ending.RETURNED_AND_REFUNDED), Stage.REFUNDED, False),
        (
            a_case(CaseKind.AFTER_DELIVERY, Step(id="goods_back", done_at=NOON, done_by="seller")),
            Stage.REFUNDED,
            False,
        ),
    ],
)
def test_goods_are_missing_where_the_money_went_and_nobody_saw_them_come_back(
    *, case: Case, stage: Stage, missing: bool
):
    assert looked_back(case, an_order(stage)).is_missing is missing


@every(
    ("stage", "reached", "cancelled", "finished", "under_way"),
    [
        (Stage.PAID_OUT, Stage.PAID_OUT, False, True, False),
        (Stage.RECEIVED, Stage.RECEIVED, False, True, False),
        (Stage.CANCELLED, Stage.PAID, True, True, False),
        (Stage.REFUNDED, Stage.DELIVERED, True, True, False),
        (Stage.EXPIRED, Stage.PAID, True, True, False),
        (Stage.EXPIRED, Stage.AWAITING_PAYMENT, False, False, False),
        (Stage.DECLINED, Stage.REQUESTED, False, False, False),
        (Stage.REQUESTED, Stage.REQUESTED, False, False, False),
        (Stage.SHIPPED, Stage.SHIPPED, False, False, True),
        (Stage.DISPUTED, Stage.DELIVERED, False, False, True),
    ],
)
def test_a_sale_is_finished_once_it_is_known_how_it_went(
    *, stage: Stage, reached: Stage, cancelled: bool, finished: bool, under_way: bool
):
    off = looked_back(None, an_order(stage, reached)) if is_called_off(stage, reached) else None
    sale = PastSale(stage=stage, reached=reached, since=NOON, cancellation=off)
    assert (sale.is_cancelled, sale.is_finished, sale.is_under_way) == (cancelled, finished, under_way)
