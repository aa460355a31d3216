"""What the seller writes down about money: kept for good, taken back openly, never in the ledger in plain."""

import json

import pytest

from tests.support.every import every
from tests.support.rooms import Rooms
from watcher.app.money import MoneyLine, cents_of, enter_cost, money_lines, take_back
from watcher.domain.money import Cost, CostKind, MoneyState, Payer
from watcher.errors import UsageError
from watcher.texts import language
from watcher.texts.names import money


def entered(rooms: Rooms, cents: int = 549, payer: Payer = Payer.OPEN, text: str = "") -> Cost:
    order = rooms.store.cases()[0].order
    return enter_cost(
        rooms.store,
        order[:5],
        kind=CostKind.RETURN_POSTAGE,
        cents=cents,
        payer=payer,
        text=text,
        clock=rooms.clock,
    )


def undone(rooms: Rooms, cents: int = 549, payer: Payer = Payer.OPEN) -> Cost:
    order = rooms.store.cases()[0].order
    return take_back(
        rooms.store, order, kind=CostKind.RETURN_POSTAGE, cents=cents, payer=payer, clock=rooms.clock
    )


def line(rooms: Rooms) -> MoneyLine:
    [found] = money_lines(rooms.store, now=rooms.clock(), order_id=rooms.store.cases()[0].order)
    return found


def test_every_order_has_its_line(cancelled: Rooms) -> None:
    lines = money_lines(cancelled.store, now=cancelled.clock())
    assert {each.order.id for each in lines} == {order.id for order in cancelled.store.orders()}
    states = {each.order.title: each.money.state for each in lines}
    assert states["Friteuse, kaum benutzt"] is MoneyState.AT_RISK
    assert states["Stehlampe mit Leinenschirm"] is MoneyState.HELD


def test_an_entry_is_kept_as_it_was_said(cancelled: Rooms) -> None:
    cost = entered(cancelled, text="  DHL, Filiale\n")
    assert cost.text == "DHL, Filiale"
    assert cancelled.store.costs() == [cost]
    assert line(cancelled).costs == (cost,)
    assert line(cancelled).money.open_costs_cents == 549


def test_the_ledger_holds_neither_the_words_nor_the_sum(cancelled: Rooms) -> None:
    before = len(cancelled.ledger())
    entered(cancelled, cents=98765, text="Erika zahlt")
    [added] = cancelled.ledger()[before:]
    assert (added["kind"], added["order"]) == ("cost_added", cancelled.store.cases()[0].order)
    assert "Erika" not in json.dumps(added)
    assert "98765" not in json.dumps(added)
    entered(cancelled, cents=98765, text="Erika zahlt")
    cancelled.clock.forward(minutes=1)
    entered(cancelled, cents=98766, text="Erika zahlt")
    entries = [json.dumps(each["facts"]) for each in cancelled.ledger()[before:]]
    assert entries[0] != entries[2]


def test_an_entry_that_is_taken_back_counts_nothing_and_both_stay(cancelled: Rooms) -> None:
    entered(cancelled, text="verschrieben")
    cancelled.clock.forward(minutes=1)
    assert undone(cancelled).text == "verschrieben"
    assert [cost.cents for cost in cancelled.store.costs()] == [549, -549]
    assert line(cancelled).money.open_costs_cents == 0
    assert cancelled.ledger_kinds()[-2:] == ["cost_added", "cost_taken_back"]


@pytest.mark.parametrize(
    ("cents", "payer"), [(550, Payer.OPEN), (549, Payer.SELLER), (0, Payer.OPEN), (-549, Payer.OPEN)]
)
def test_what_was_never_entered_cannot_be_taken_back(cancelled: Rooms, cents: int, payer: Payer) -> None:
    entered(cancelled)
    with pytest.raises(UsageError) as caught:
        undone(cancelled, cents, payer)
    assert "stornowacht money" in caught.value.advice
    assert len(cancelled.store.costs()) == 1


def test_each_entry_can_be_taken_back_once(cancelled: Rooms) -> None:
    for _ in range(2):
        entered(cancelled)
    for _ in range(2):
        undone(cancelled)
    with pytest.raises(UsageError):
        undone(cancelled)
    assert line(cancelled).money.open_costs_cents == 0


@pytest.mark.parametrize("cents", [0, -1])
def test_a_sum_of_nothing_is_refused(cancelled: Rooms, cents: int) -> None:
    with pytest.raises(UsageError):
        entered(cancelled, cents)
    assert cancelled.store.costs() == []


def test_an_unknown_order_is_refused(cancelled: Rooms) -> None:
    with pytest.raises(UsageError):
        money_lines(cancelled.store, now=cancelled.clock(), order_id="o000000")
    with pytest.raises(UsageError):
        enter_cost(
            cancelled.store,
            "o000000",
            kind=CostKind.OTHER,
            cents=1,
            payer=Payer.OPEN,
            text="",
            clock=cancelled.clock,
        )


@every(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("12", 1200),
        ("0,99", 99),
        ("12,50 €", 1250),
        ("€12.50", 1250),
        ("€ 12", 1200),
        (" 12,50\u00a0EUR ", 1250),
        ("9999999,99", 999_999_999),
        ("007", 700),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@every(
    "text",
    [
        "", " ", "€", "1.234", "1.234,50", "12,5", "12,505", "-12", "+12", "12,,50", "12 50", "1e3", "0x10", "zwölf",
        "١٢", "12€50", "10000000", "NaN", "12\n50", "²", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        cents_of(text)
    assert "12,50" in caught.value.advice
    assert len(caught.value.message) < 120


def test_no_more_of_the_price_goes_back_than_there_is(cancelled: Rooms) -> None:
    language.use("en")
    order = next(order for order in cancelled.store.orders() if order.id == cancelled.store.cases()[0].order)
    assert order.amount_cents is not None

    def part(cents: int) -> Cost:
        return enter_cost(
            cancelled.store,
            order.id,
            kind=CostKind.REFUND_PART,
            cents=cents,
            payer=Payer.SELLER,
            text="",
            clock=cancelled.clock,
        )

    with pytest.raises(UsageError) as caught:
        part(order.amount_cents + 1)
    assert money(order.amount_cents, language="en") in caught.value.message
    part(order.amount_cents - 100)
    with pytest.raises(UsageError) as caught:
        part(101)
    for cents in (101, order.amount_cents + 1, order.amount_cents):
        assert money(cents, language="en") in caught.value.message
    part(100)
    assert line(cancelled).money.state is MoneyState.REFUNDED
