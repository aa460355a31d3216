"""Where the money is, and since when it is late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON
from tests.support.every import every
from tests.support.values import CASE, ORDER
from watcher.domain.case import Case
from watcher.domain.money import (
    CONFIRMED_WITHIN,
    PAYOUT_WITHIN,
    Cost,
    CostKind,
    MoneyState,
    OrderMoney,
    Payer,
    money_of,
    total,
)
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step

CANCELLED = replace(ORDER, stage=Stage.CANCELLED, reached=Stage.SHIPPED)


def cost(cents: int, kind: CostKind = CostKind.RETURN_POSTAGE, payer: Payer = Payer.SELLER) -> Cost:
    return Cost(order=ORDER.id, at=NOON, kind=kind, cents=cents, payer=payer)


def money(order: Order, *cases: Case, costs: tuple[Cost, ...] = (), days: float = 0) -> OrderMoney:
    return money_of(order, cases, costs, now=NOON + timedelta(days=days))


@every("stage", Stage)
def test_every_stage_has_its_money(stage: Stage) -> None:
    found = money(replace(ORDER, stage=stage, reached=None))
    assert found.state in MoneyState
    assert (found.price_cents, found.overdue_since) == (4500, None)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CaseKind.BEFORE_SHIPMENT, MoneyState.GOING_BACK),
        (CaseKind.IN_TRANSIT, MoneyState.AT_RISK),
        (CaseKind.AFTER_DELIVERY, MoneyState.AT_RISK),
        (CaseKind.UNCLEAR, MoneyState.AT_RISK),
    ],
)
def test_a_cancelled_sale_is_judged_by_where_the_goods_are(kind: CaseKind, state: MoneyState) -> None:
    assert money(CANCELLED, replace(CASE, kind=kind)).state is state


def test_the_latest_case_counts() -> None:
    later = replace(
        CASE, id="clater", kind=CaseKind.BEFORE_SHIPMENT, opened_at=CASE.opened_at + timedelta(days=1)
    )
    for cases in ((CASE, later), (later, CASE)):
        assert money(CANCELLED, *cases).state is MoneyState.GOING_BACK


def test_a_request_that_was_withdrawn_has_no_money() -> None:
    assert money(replace(ORDER, stage=Stage.CANCELLED, reached=Stage.REQUESTED)).state is MoneyState.NONE


def test_own_and_open_costs_are_told_apart_and_others_costs_left_out() -> None:
    found = money(
        CANCELLED,
        costs=(cost(549), cost(300, payer=Payer.OPEN), cost(999, payer=Payer.BUYER), cost(-200)),
    )
    assert (found.own_costs_cents, found.open_costs_cents, found.refunded_cents) == (349, 300, 0)


def test_a_part_that_went_back_shows_and_no_cost_of_another_order_does() -> None:
    part = cost(1500, CostKind.REFUND_PART)
    found = money(replace(ORDER, stage=Stage.PAID_OUT), costs=(part, replace(cost(777), order="oother")))
    assert (found.state, found.refunded_cents, found.own_costs_cents) == (MoneyState.PARTLY_REFUNDED, 1500, 0)


def test_parts_that_make_the_whole_are_a_refund() -> None:
    parts = (cost(1500, CostKind.REFUND_PART), cost(3000, CostKind.REFUND_PART))
    assert money(replace(ORDER, stage=Stage.RECEIVED), costs=parts).state is MoneyState.REFUNDED


def test_a_part_of_an_unknown_price_is_a_part() -> None:
    found = money(replace(CANCELLED, amount_cents=None), costs=(cost(1, CostKind.REFUND_PART),))
    assert (found.state, found.price_cents) == (MoneyState.PARTLY_REFUNDED, None)


def test_a_refund_gives_the_price_back_and_of_an_unknown_price_nobody_knows_how_much() -> None:
    assert money(replace(ORDER, stage=Stage.REFUNDED)).refunded_cents == 4500
    assert money(replace(ORDER, stage=Stage.REFUNDED, amount_cents=None)).refunded_cents is None


@pytest.mark.parametrize(
    ("stage", "within"), [(Stage.RECEIVED, PAYOUT_WITHIN), (Stage.DELIVERED, CONFIRMED_WITHIN)]
)
def test_money_is_late_from_its_time_on_and_not_before(stage: Stage, within: timedelta) -> None:
    order = replace(ORDER, stage=stage)
    late = within / timedelta(days=1)
    assert money(order, days=late - 0.01).overdue_since is None
    assert money(order, days=late).overdue_since == ORDER.stage_at + within


def test_a_refund_that_was_not_seen_in_time_is_late_until_the_page_shows_it() -> None:
    case = replace(CASE, steps=(Step(id="refund_seen", due_at=NOON + timedelta(days=7)),))
    assert money(CANCELLED, case, days=8).overdue_since == NOON + timedelta(days=7)
    assert money(replace(ORDER, stage=Stage.REFUNDED), case, days=8).overdue_since is None
    assert money(CANCELLED, replace(case, closed_at=NOON), days=8).overdue_since is None


def test_sums_count_the_prices_that_are_known() -> None:
    known = [money(CANCELLED), money(CANCELLED), money(replace(CANCELLED, amount_cents=None))]
    assert total(known, MoneyState.AT_RISK) == 9000
    assert total(known, MoneyState.HELD) == 0
